// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.github.camelthumbnails.localaws.FreePort;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that both roles start while AWS is unreachable, are not ready until it responds, and then work. With
 * {@code -Dstartup.seconds=60} AWS is unreachable for a minute in each test. Each test prints the logs of the processes
 * and their CPU time during the outage.
 */
@Tag("long")
@Timeout(300)
class StartUpIT {

    /** Duration of the outage after both processes are alive and not ready. */
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("startup.seconds", 5));

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().withFaults().withoutApplication().with("events.waitTimeSeconds", "1");

    @TempDir
    Path directory;

    private final List<Role> roles = new ArrayList<>();

    /** A process with one role. */
    private record Role(String name, Command process, int httpPort, int managementPort) {

        HttpResponse<String> health(String kind) throws IOException, InterruptedException {
            return PIPELINE.observe(managementPort, "health/" + kind);
        }

        /** Returns the warnings, except those about single requests. */
        List<String> warnings() {
            return process.output()
                    .lines()
                    .filter(line -> line.matches("\\S+ (WARN|ERROR) ++(?!access ).*"))
                    .toList();
        }

        Duration cpu() {
            return ProcessHandle.of(process.pid())
                    .flatMap(handle -> handle.info().totalCpuDuration())
                    .orElseThrow();
        }
    }

    @AfterEach
    void stop() throws Exception {
        endOutage();
        for (Role role : roles) {
            role.process.close();
        }
    }

    static Stream<Arguments> outages() {
        return Stream.of(
                outage("S3", faults -> faults.fail(Service.S3, null, Fault.error(500, "InternalError")), "S3 bucket"),
                outage("DynamoDB", faults -> faults.fail(Service.DYNAMODB, null, Fault.hang()), "DynamoDB table"),
                outage("AWS", FaultProxy::stopListening, "S3 bucket"));
    }

    private static Arguments outage(String name, Consumer<FaultProxy> begin, String message) {
        return arguments(named(name, begin), message);
    }

    @ParameterizedTest
    @MethodSource("outages")
    void processesStartWithoutAwsAndWorkAfterTheOutage(Consumer<FaultProxy> begin, String message) throws Exception {
        begin.accept(PIPELINE.faults);
        Role upload = start("upload", Map.of());
        Role thumbnail = start("thumbnail", Map.of());
        awaitAliveAndNotReady(upload, message);
        awaitAliveAndNotReady(thumbnail, message);
        if (message.startsWith("S3")) {
            for (int i = 0; i < 50; i++) {
                HttpResponse<String> refused = PIPELINE.put(upload.httpPort, PIPELINE.path("early"), new byte[10]);
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("Try again later");
            }
        }

        passTime();
        for (Role role : roles) {
            Pipeline.await().until(() -> !role.warnings().isEmpty()); // the first request may still wait for a response
            assertThat(role.health("live").statusCode()).isEqualTo(200);
            assertThat(role.health("ready").statusCode()).isEqualTo(503);
            assertQuiet(role);
        }

        endOutage();
        assertThatTheyWork(upload, thumbnail);
    }

    /** Configures the queues by name and by URL. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void workerStartsWithoutItsQueue(boolean byName) throws Exception {
        Rule away = PIPELINE.faults.fail(Service.SQS, null, Fault.refuse());
        Role upload = start("upload", Map.of());
        Role thumbnail = start(
                "thumbnail",
                byName
                        ? Map.of()
                        : Map.of(
                                "EVENTS_QUEUE_URL", PIPELINE.url(PIPELINE.resources.events()),
                                "FAILURES_QUEUE_URL", PIPELINE.url(PIPELINE.resources.failures())));
        awaitAliveAndNotReady(thumbnail, "events queue cannot be polled");
        awaitHealth(upload, "ready", 200);

        int hits = away.hits();
        passTime();
        assertThat(thumbnail.health("live").statusCode()).isEqualTo(200);
        assertThat(thumbnail.health("ready").statusCode()).isEqualTo(503);
        assertThat(away.hits() - hits).as("requests during the outage").isLessThan(5 + 4 * (int) OUTAGE.toSeconds());
        assertQuiet(thumbnail);

        endOutage();
        assertThatTheyWork(upload, thumbnail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RENDITIONS_THUMBNAIL | scael:0.5      | renditions.thumbnail: There is no word scael. Did you mean scale?",
                "RENDITIONS           | thumbnail,card | renditions.card: The setting is missing",
                "THUMBNAIL_SCALE      | 0.3            | thumbnail.scale is no longer read",
            })
    void processEndsWithOneMessageIfRenditionsAreInvalid(String variable, String value, String message)
            throws Exception {
        try (Command process = PIPELINE.process(directory, Map.of(variable, value))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output().lines().filter(line -> line.startsWith("Exception in thread")))
                    .singleElement()
                    .asString()
                    .contains(message);
        }
    }

    private void passTime() {
        Map<Role, Duration> cpu = roles.stream().collect(Collectors.toMap(role -> role, Role::cpu));
        long end = System.nanoTime() + OUTAGE.toNanos();
        Pipeline.await().atMost(OUTAGE.plusMinutes(1)).until(() -> System.nanoTime() > end);
        cpu.forEach((role, before) -> System.out.printf(
                "Role %s used %d ms of CPU in %s and logged:%n%s%n",
                role.name, role.cpu().minus(before).toMillis(), OUTAGE, String.join("\n", role.warnings())));
    }

    /** Checks that each cause is logged at most once a minute and without stack traces. */
    private static void assertQuiet(Role role) {
        Map<String, Long> lines = role.warnings().stream()
                .map(line -> line.replaceFirst("^\\S+ ", "").replaceFirst(" \\(repeated .*", ""))
                .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        assertThat(lines).hasSizeBetween(1, 3);
        assertThat(lines.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(2 + OUTAGE.toMinutes()));
        assertThat(role.process.output()).doesNotContain("\tat ", "Caused by", "Exception:");
    }

    private void assertThatTheyWork(Role upload, Role thumbnail) throws Exception {
        awaitHealth(upload, "ready", 200);
        awaitHealth(thumbnail, "ready", 200);
        String key = UUID.randomUUID() + ".png";
        byte[] original = Pictures.quarters(ImageFormat.PNG, 20, 10);
        assertThat(PIPELINE.put(upload.httpPort, PIPELINE.path(key), original).statusCode())
                .isEqualTo(200);
        PIPELINE.awaitItem(key);
        assertThat(Pictures.decode(PIPELINE.awaitThumbnail(key).asByteArray()).getWidth())
                .isEqualTo(10);
    }

    private static void endOutage() {
        PIPELINE.faults.reset();
        PIPELINE.faults.listenAgain();
    }

    private Role start(String name, Map<String, String> changes) throws IOException {
        int httpPort = FreePort.next();
        int managementPort = FreePort.next();
        Map<String, String> environment = new HashMap<>(changes);
        environment.put("APP_ROLES", name);
        environment.put("HTTP_PORT", String.valueOf(httpPort));
        environment.put("MANAGEMENT_PORT", String.valueOf(managementPort));
        Command process = PIPELINE.process(
                directory,
                environment,
                "-Dlog4j2.configurationFile=classpath:log4j2.properties"); // the log configuration of the application,
        // not of the tests
        Role role = new Role(name, process, httpPort, managementPort);
        roles.add(role);
        return role;
    }

    private static void awaitHealth(Role role, String kind, int status) {
        Pipeline.await()
                .ignoreExceptionsInstanceOf(IOException.class) // the process does not listen yet
                .until(() -> role.health(kind).statusCode() == status);
    }

    private static void awaitAliveAndNotReady(Role role, String message) {
        awaitHealth(role, "live", 200);
        Pipeline.await().untilAsserted(() -> {
            HttpResponse<String> ready = role.health("ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains(message);
        });
    }
}

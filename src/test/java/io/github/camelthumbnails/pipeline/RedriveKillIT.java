// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.operate.RedriveApp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Kills a redrive five times on the way, next to a worker. Every tenth failure has passed, the others persist. Afterwards, each original
 * was tried again: it has its thumbnail, or one failure message that is new.
 *
 * <p>More failures: {@code mvn verify -Dit.test=RedriveKillIT -Dredrive.failures=10000}.
 */
@Tag("long")
class RedriveKillIT {

    private static final Logger LOG = LoggerFactory.getLogger(RedriveKillIT.class);

    private static final int FAILURES = Integer.getInteger("redrive.failures", 400);
    private static final int KILLS = 5;

    private static final Pattern MOVED = Pattern.compile("moved (\\d+);");

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("events.consumers", "4");

    private final Redrives redrives = new Redrives(PIPELINE);

    @Test
    void everyFailureIsRetriedAndReportedOnceAtMost(@TempDir Path directory) throws Exception {
        PIPELINE.disableNotifications();
        List<String> keys = IntStream.range(0, FAILURES)
                .mapToObj(i -> "failed/" + i + ".png")
                .toList();
        byte[] photo = Pictures.quarters(ImageFormat.PNG, 40, 20);
        for (String key : keys) {
            PIPELINE.store(key, isRepaired(key) ? photo : "no picture".getBytes());
            redrives.report(key, "UnsupportedFormat");
        }
        Instant start = Instant.now();
        Random random = new Random(1);

        for (int kill = 0; kill < KILLS; kill++) {
            try (Command process = redrive(directory)) {
                long end = 1 + random.nextInt(FAILURES / KILLS);
                Pipeline.await()
                        .atMost(Duration.ofMinutes(5))
                        .pollInterval(Duration.ofMillis(5))
                        .failFast(() -> process.output().contains("Exception"))
                        .until(() -> moved(process) >= end);
                process.close(); // SIGKILL
                LOG.info("Killed after {} messages", end);
            }
        }
        awaitNoHiddenFailures();
        Instant lastStart = Instant.now();
        try (Command process = redrive(directory)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            LOG.info(
                    "{} in {}",
                    process.output()
                            .lines()
                            .filter(line -> line.startsWith("ended"))
                            .toList(),
                    Duration.between(lastStart, Instant.now()));
        }

        Pipeline.await().atMost(Duration.ofMinutes(30)).until(() -> PIPELINE.count(PIPELINE.resources.events()) == 0);
        Map<String, List<Message>> messages = redrives.messages();
        assertThat(messages.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().filter(key -> !isRepaired(key)).toList());
        assertThat(messages)
                .allSatisfy((key, reports) -> assertThat(reports)
                        .as("no surplus message, and not the old one")
                        .singleElement()
                        .satisfies(report -> assertThat(Instant.parse(report.messageAttributes()
                                        .get("failedAt")
                                        .stringValue()))
                                .isAfter(start)));
        assertThat(keys.stream().filter(RedriveKillIT::isRepaired)).allSatisfy(key -> {
            assertThat(PIPELINE.item(key)).isNotEmpty();
            assertThat(PIPELINE.failedItem(key)).isEmpty();
        });
        assertThat(PIPELINE.count(PIPELINE.resources.failures())).isEqualTo(messages.size());
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    private static boolean isRepaired(String key) {
        return key.endsWith("0.png");
    }

    private static Command redrive(Path directory) throws Exception {
        return Command.java(
                directory,
                PIPELINE.environment(),
                List.of(
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        RedriveApp.class.getName()));
    }

    /** Returns how many messages a process has moved, according to the last whole line of its output. */
    private static long moved(Command process) {
        return MOVED.matcher(process.output())
                .results()
                .map((MatchResult line) -> Long.parseLong(line.group(1)))
                .reduce(0L, (first, last) -> last);
    }

    /** Waits until the messages that killed processes have received are visible again. */
    private static void awaitNoHiddenFailures() {
        Pipeline.await().atMost(RedriveApp.HIDDEN.plusSeconds(60)).until(() -> hidden() == 0);
    }

    private static int hidden() {
        String url = PIPELINE.url(PIPELINE.resources.failures());
        return Integer.parseInt(PIPELINE.sqs
                .getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }
}

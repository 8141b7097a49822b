// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static io.github.camelthumbnails.kubernetes.Manifests.container;
import static io.github.camelthumbnails.kubernetes.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.kubernetes.Manifests;
import io.github.camelthumbnails.localaws.AwsEndpoint;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import io.github.camelthumbnails.localaws.FreePort;
import io.github.camelthumbnails.localaws.LocalAws;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Tests that the application runs with the manifests of the local overlay: two processes, in place of two pods, with
 * exactly the environment variables of the manifests. Only the host of AWS and the ports differ.
 */
@Tag("long")
@Timeout(240)
class ManifestsIT {

    private static final Path AWS_COMMAND = Path.of("/usr/bin/aws");
    private static final String REGION = "ap-northeast-2";

    @TempDir
    static Path directory;

    private static Manifests manifests;
    private static LocalAws aws;
    private static AwsEndpoint clients;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> started = new ArrayList<>();

    /** The process of a pod, with its manifest. */
    private record Pod(Command process, JsonObject workload, int httpPort, int managementPort) {}

    @BeforeAll
    static void provisionLikeTheJob() throws Exception {
        Assumptions.assumeTrue(
                System.getenv("CI") != null || Manifests.canBeRendered() && Files.isExecutable(AWS_COMMAND),
                "kubectl or aws is not installed");
        manifests = Manifests.render("overlays/local");
        aws = LocalAws.start(Files.createDirectory(directory.resolve("aws")), 0, REGION);
        clients = new AwsEndpoint(aws.endpoint().toString(), REGION);
        JsonObject job = manifests.find("Job", "camel-thumbnails-provision");
        String script = manifests.ofKind("ConfigMap").stream()
                .map(map -> map.getJsonObject("data").getString("provision.sh"))
                .filter(text -> text != null)
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < 2; i++) { // a job may be repeated
            try (Command provision = startWithExactEnvironment(
                    environment(job, aws.endpoint()), List.of("sh", "-c", script), "PATH=/usr/bin:/bin")) {
                assertThat(provision.exitCode()).as(provision.output()).isZero();
            }
        }
    }

    @AfterEach
    void stopPods() throws Exception {
        for (AutoCloseable pod : started) {
            pod.close();
        }
    }

    @AfterAll
    static void stopAws() {
        if (aws != null) {
            aws.close();
        }
    }

    @Test
    void uploadPodAndWorkerPodCreateAThumbnail() throws Exception {
        Pod upload = start("upload", aws.endpoint());
        Pod thumbnail = start("thumbnail", aws.endpoint());
        for (Pod pod : List.of(upload, thumbnail)) {
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                awaitProbe(pod, probe, 200);
            }
            assertThat(get(pod.managementPort(), "/observe/health/started").statusCode())
                    .isEqualTo(404);
        }

        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 40, 20);
        assertThat(put(upload, "photo.jpg", photo)).isEqualTo(200);
        HttpResponse<String> status = get(upload.httpPort(), "/dev/originals/photo.jpg?status&wait=30");
        assertThat(status.body()).contains("\"ready\"");
        assertThat(get(upload.httpPort(), "/dev/thumbnails/resized-photo.jpg").statusCode())
                .isEqualTo(200);
    }

    @Test
    void operatorsPodAndTheNightlyReconcileWork() throws Exception {
        Pod operate = start("operate", aws.endpoint());
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            awaitProbe(operate, probe, 200);
        }
        String operatorKey = manifests.environment(operate.workload()).get("OPERATE_KEYS");
        assertThat(get(operate.httpPort(), "/operate/queues", operatorKey).statusCode())
                .isEqualTo(200);
        assertThat(get(operate.httpPort(), "/operate/queues").statusCode())
                .as("with the key of uploaders")
                .isIn(401, 403);

        JsonObject job = manifests.find("CronJob", "camel-thumbnails-reconcile");
        List<String> command = new ArrayList<>(java(Files.createTempDirectory(directory, "reconcile")));
        container(job).getJsonArray("args").forEach(argument -> command.add((String) argument));
        try (Command reconcile = startWithExactEnvironment(environment(job, aws.endpoint()), command)) {
            assertThat(reconcile.exitCode()).as(reconcile.output()).isZero();
        }
    }

    @Test
    void nothingIsLostWhenPodsAreDrained() throws Exception {
        Pod upload = start("upload", aws.endpoint());
        Pod thumbnail = start("thumbnail", aws.endpoint());
        awaitProbe(upload, "readinessProbe", 200);
        byte[] photo = Pictures.quarters(ImageFormat.PNG, 2000, 1500);
        for (int i = 0; i < 30; i++) {
            assertThat(put(upload, "load" + i, photo)).isEqualTo(200);
        }
        Pipeline.await().until(() -> !thumbnails().isEmpty());

        try (Socket slow = new Socket("127.0.0.1", upload.httpPort())) {
            slow.setSoTimeout(60_000);
            String head = "PUT /dev/originals/slow HTTP/1.1\r\nHost: x\r\nx-api-key: " + key()
                    + "\r\nConnection: close\r\nContent-Length: 10\r\n\r\n01234";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            Pipeline.await().until(() -> inflight(upload) > 0);
            drain(thumbnail);
            upload.process().askToStop();
            Pipeline.await().until(() -> put(upload, "load0", photo) != 200);
            slow.getOutputStream().write("56789".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ");
        }
        assertThat(upload.process().exitCode()).isEqualTo(143);
        assertThat(thumbnails()).as("thumbnails before the end of the shutdown").hasSizeLessThan(31);

        start("thumbnail", aws.endpoint());
        Pipeline.await().until(() -> thumbnails().size() == 30 && count("image-events") == 0);
        assertThat(count("image-failures"))
                .as("failures: 'slow' is not a picture")
                .isEqualTo(1);
        assertThat(count("image-events-dead")).isZero();
    }

    static Stream<Arguments> faultsOfTheQueue() {
        return Stream.of(
                arguments(named("it is away", Fault.refuse())),
                arguments(named("bad credentials", Fault.error(403, "InvalidClientTokenId"))),
                arguments(named("no permission", Fault.error(403, "AccessDenied"))));
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheQueue")
    void podWithoutItsQueueIsAliveButNotReady(Fault fault) throws Exception {
        try (FaultProxy front = FaultProxy.start(aws.endpoint())) {
            front.fail(FaultProxy.Service.SQS, null, fault);
            Pod thumbnail = start("thumbnail", front.endpoint());
            awaitProbe(thumbnail, "startupProbe", 200);
            awaitProbe(thumbnail, "readinessProbe", 503);
            awaitProbe(thumbnail, "livenessProbe", 200);

            front.reset();
            awaitProbe(thumbnail, "readinessProbe", 200);
        }
    }

    /** Runs the component {@code routes} with a ConfigMap of the files in {@code routes/}, one of them edited. */
    @Test
    void routesAreLoadedFromAConfigMap() throws Exception {
        Manifests edited = Manifests.render("tests/routes");
        JsonObject workload = edited.find("Deployment", "camel-thumbnails-thumbnail");
        String pattern = edited.environment(workload).get("CAMEL_MAIN_ROUTESINCLUDEPATTERN");
        Path mount = Files.createDirectory(directory.resolve("routes"));
        Path data = Files.createDirectory(mount.resolve("..2026_11_27"));
        Files.createSymbolicLink(mount.resolve("..data"), data.getFileName()); // like the kubelet mounts a ConfigMap
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                String route = Files.readString(file).replace("{{thumbnails.cacheControl}}", "no-store");
                Files.writeString(data.resolve(file.getFileName()), route);
                Files.createSymbolicLink(
                        mount.resolve(file.getFileName()), Path.of("..data").resolve(file.getFileName()));
            }
        }

        Pod upload = start("upload", aws.endpoint());
        start("thumbnail", aws.endpoint(), "CAMEL_MAIN_ROUTESINCLUDEPATTERN=" + pattern.replace("/routes", "" + mount));
        awaitProbe(upload, "readinessProbe", 200);
        assertThat(put(upload, "by-an-edited-route", Pictures.quarters(ImageFormat.PNG, 20, 20)))
                .isEqualTo(200);

        Pipeline.await()
                .untilAsserted(() -> assertThat(get(upload.httpPort(), "/dev/thumbnails/resized-by-an-edited-route")
                                .headers()
                                .firstValue("Cache-Control"))
                        .contains("no-store"));
    }

    /** Stops the process like the kubelet does after preStop, and checks that it ends within the grace period. */
    private static void drain(Pod pod) throws Exception {
        long preStop = container(pod.workload())
                .getJsonObject("lifecycle", new JsonObject())
                .getJsonObject("preStop", new JsonObject())
                .getJsonObject("sleep", new JsonObject())
                .getLong("seconds", 0L);
        long grace = pod(pod.workload()).getLong("terminationGracePeriodSeconds");
        long before = System.nanoTime();
        assertThat(pod.process().stop()).isEqualTo(143);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(grace - preStop));
    }

    private Pod start(String role, URI endpoint, String... more) throws IOException {
        JsonObject workload = manifests.find("Deployment", "camel-thumbnails-" + role);
        int httpPort = FreePort.next();
        int managementPort = FreePort.next();
        Path tmp = Files.createTempDirectory(directory, role);
        Command process = startWithExactEnvironment(
                environment(workload, endpoint),
                java(tmp),
                Stream.concat(Stream.of("HTTP_PORT=" + httpPort, "MANAGEMENT_PORT=" + managementPort), Stream.of(more))
                        .toArray(String[]::new));
        started.add(process);
        return new Pod(process, workload, httpPort, managementPort);
    }

    private static List<String> java(Path tmp) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + tmp,
                "-cp",
                System.getProperty("java.class.path"),
                App.class.getName());
    }

    private static Map<String, String> environment(JsonObject workload, URI endpoint) {
        Map<String, String> environment = manifests.environment(workload);
        environment.replaceAll((name, value) -> value.replace("camel-thumbnails-aws:4566", endpoint.getAuthority()));
        return environment;
    }

    /** Starts a command with exactly these environment variables. */
    private static Command startWithExactEnvironment(
            Map<String, String> environment, List<String> command, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of("env", "-i"));
        environment.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(List.of(more));
        all.addAll(command);
        return Command.start(directory, Map.of(), all);
    }

    /** Polls a probe until it has the expected status, for no longer than the startup probe does. */
    private void awaitProbe(Pod pod, String probe, int status) {
        JsonObject startup = container(pod.workload()).getJsonObject("startupProbe");
        JsonObject get = container(pod.workload()).getJsonObject(probe).getJsonObject("httpGet");
        assertThat(get.getString("port")).isEqualTo("management");
        Pipeline.await()
                .atMost(Duration.ofSeconds(startup.getLong("periodSeconds") * startup.getLong("failureThreshold")))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get(pod.managementPort(), get.getString("path")).statusCode() == status);
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return get(port, path, key());
    }

    private HttpResponse<String> get(int port, String path, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("x-api-key", key)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private int put(Pod upload, String key, byte[] body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + upload.httpPort() + "/dev/originals/" + key))
                .version(HttpClient.Version.HTTP_1_1)
                .header("x-api-key", key())
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            return 0; // it no longer listens
        }
    }

    private String key() {
        return manifests
                .environment(manifests.find("Deployment", "camel-thumbnails-upload"))
                .get("API_KEYS");
    }

    /** Returns the number of requests in flight. */
    private double inflight(Pod pod) throws Exception {
        return get(pod.managementPort(), "/observe/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("camel_exchanges_inflight") && line.contains("upload-image"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private List<String> thumbnails() {
        try (S3Client s3 = clients.s3()) {
            return s3.listObjectsV2(request -> request.bucket("thumbnails")).contents().stream()
                    .map(object -> object.key())
                    .filter(key -> key.startsWith("resized-load"))
                    .toList();
        }
    }

    private int count(String queue) {
        try (SqsClient sqs = clients.sqs()) {
            String url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
            return sqs
                    .getQueueAttributes(request -> request.queueUrl(url)
                            .attributeNames(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                    .attributes()
                    .values()
                    .stream()
                    .mapToInt(Integer::parseInt)
                    .sum();
        }
    }
}

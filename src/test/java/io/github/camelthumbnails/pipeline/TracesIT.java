// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.github.camelthumbnails.observe.TraceReceiver;
import io.github.camelthumbnails.observe.TraceReceiver.ReceivedSpan;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;

/** Receives the spans of a process that runs with traces switched on. */
class TracesIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withoutApplication()
            .withFaults()
            .with("traces.enabled", "true")
            .with("events.retries", "0")
            .with("events.backoffSeconds", "1")
            .with("events.maxBackoffSeconds", "2")
            .with("events.pauseSeconds", "1");

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 40, 20);

    /** A span of a caller: trace id and span id. */
    private static final String CALLER = "0af7651916cd43dd8448eb211c80319c/b7ad6b7169203331";

    private static final String TRACEPARENT = "00-" + CALLER.replace('/', '-');

    @TempDir
    static Path directory;

    private static TraceReceiver receiver;
    private static Command application;

    @BeforeAll
    static void start() throws Exception {
        receiver = TraceReceiver.start();
        application = PIPELINE.process(
                directory,
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(), "OTEL_BSP_SCHEDULE_DELAY", "100"));
        application.awaitOutput("(camel-thumbnails) started");
    }

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    @AfterAll
    static void stop() throws Exception {
        application.close();
        receiver.close();
    }

    @Test
    void uploadAndEventAreTwoLinkedTrees() throws Exception {
        HttpResponse<String> response = PIPELINE.upload("linked.jpg", PHOTO);
        PIPELINE.awaitItem("linked.jpg");

        ReceivedSpan upload = root("PUT", "linked.jpg");
        assertThat(response.headers().map()).doesNotContainKey("traceparent");
        assertThat(names(upload)).containsExactly("PUT", "aws2-s3");
        assertThat(upload.links()).isEmpty();
        assertThat(upload.attributes())
                .containsEntry("service.name", "camel-thumbnails")
                .containsEntry("aws.s3.bucket", PIPELINE.resources.originals())
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("http.status_code", "200");

        ReceivedSpan event = root("aws2-sqs", "linked.jpg");
        assertThat(names(event)).containsExactly("aws2-sqs", "aws2-s3", "decode", "encode", "aws2-s3");
        assertThat(event.trace()).isNotEqualTo(upload.trace());
        assertThat(event.links()).containsExactly(upload.link());
        assertThat(event.failed()).isFalse();
        assertThat(calls(event))
                .extracting(span -> span.attributes().get("aws.s3.key"))
                .containsExactly("linked.jpg", "resized-linked.jpg");
        assertThat(calls(event))
                .allSatisfy(span -> assertThat(span.attributes()).containsEntry("server.address", "127.0.0.1"));
        assertThat(children(event))
                .filteredOn(span -> span.name().equals("decode"))
                .allSatisfy(span -> assertThat(span.attributes())
                        .containsEntry("image.format", "jpeg")
                        .containsKeys("image.codec", "image.pixels", "image.bytes"));
        assertThat(children(event))
                .allSatisfy(span -> assertThat(span.parent()).isEqualTo(event.id()))
                .allSatisfy(span -> assertThat(span.start()).isBetween(event.start(), event.end()));
        assertThat(receiver.spans())
                .extracting(ReceivedSpan::name)
                .isSubsetOf("PUT", "GET", "HEAD", "aws2-s3", "aws2-sqs", "aws2-ddb", "decode", "encode");
    }

    @Test
    void clientsCannotChooseTheTraceOrTheLink() throws Exception {
        HttpResponse<String> response = PIPELINE.upload(
                "hostile.jpg",
                PHOTO,
                "traceparent",
                TRACEPARENT + "-00", // not sampled
                "x-amz-meta-traceparent",
                TRACEPARENT + "-01",
                "x-amz-meta-mine",
                "kept");
        PIPELINE.awaitItem("hostile.jpg");

        ReceivedSpan upload = root("PUT", "hostile.jpg");
        assertThat(upload.links()).containsExactly(CALLER);
        assertThat(upload.trace()).isNotEqualTo(CALLER.split("/")[0]);
        assertThat(root("aws2-sqs", "hostile.jpg").links()).containsExactly(upload.link());
        assertThat(response.headers().map()).doesNotContainKey("traceparent");
        for (String method : List.of("GET", "HEAD")) {
            assertThat(PIPELINE.read(method, PIPELINE.path("hostile.jpg"))
                            .headers()
                            .map())
                    .containsEntry("x-amz-meta-mine", List.of("kept"))
                    .doesNotContainKeys("x-amz-meta-traceparent", "traceparent");
        }
        assertThat(metadata("hostile.jpg")).containsOnlyKeys("mine", "traceparent");
    }

    @Test
    void malformedTraceparentIsIgnored() throws Exception {
        PIPELINE.upload("garbage.jpg", PHOTO, "traceparent", TRACEPARENT + "-zz");

        assertThat(root("PUT", "garbage.jpg").links()).isEmpty();
    }

    @Test
    void uploadWithoutRoomInItsMetadataIsLinkedByTheMessage() throws Exception {
        String long2000 = "m".repeat(2000);
        PIPELINE.upload("full.jpg", PHOTO, "x-amz-meta-a", long2000);
        PIPELINE.awaitItem("full.jpg");

        assertThat(metadata("full.jpg")).containsOnlyKeys("a");
        ReceivedSpan put = children(root("PUT", "full.jpg")).get(0);
        assertThat(root("aws2-sqs", "full.jpg").links()).containsExactly(put.link());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2000})
    void uploadInPartsIsLinked(int metadataBytes) throws Exception {
        String key = "parts" + metadataBytes;
        byte[] large = Arrays.copyOf(PHOTO, 6 * 1024 * 1024);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + PIPELINE.httpPort + PIPELINE.path(key)))
                .version(HttpClient.Version.HTTP_1_1)
                .header("x-amz-meta-traceparent", TRACEPARENT + "-01")
                .header("x-amz-meta-a", "m".repeat(metadataBytes))
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag").orElseThrow()).contains("-2");
        PIPELINE.awaitItem(key);

        ReceivedSpan upload = root("PUT", key);
        assertThat(root("aws2-sqs", key).links()).containsExactly(upload.link());
        assertThat(metadata(key).containsKey("traceparent")).isEqualTo(metadataBytes == 1);
    }

    @Test
    void onlyAnswersWith5xxAreErrors() throws Exception {
        PIPELINE.faults.failIn(PIPELINE.resources.originals(), "PutObject", Fault.error(500, "InternalError"));
        assertThat(PIPELINE.put(PIPELINE.path("unavailable.jpg") + "?x-id=PutObject", PHOTO)
                        .statusCode())
                .isEqualTo(503);
        assertThat(PIPELINE.put(PIPELINE.path("wrong.jpg"), PHOTO, "Content-MD5", "x")
                        .statusCode())
                .isEqualTo(400);

        ReceivedSpan unavailable = root("PUT", "unavailable.jpg");
        assertThat(unavailable.failed()).isTrue();
        assertThat(unavailable.attributes())
                .containsEntry("http.status_code", "503")
                .hasEntrySatisfying("http.url", url -> assertThat(url).endsWith("/unavailable.jpg"));
        assertThat(root("PUT", "wrong.jpg").failed()).isFalse();
    }

    @Test
    void failureMessageNamesTheTrace() throws Exception {
        PIPELINE.upload("no picture.txt", "text".getBytes(StandardCharsets.UTF_8));
        Message failure = PIPELINE.awaitFailure("no picture.txt");

        ReceivedSpan event = root("aws2-sqs", "no picture.txt");
        assertThat(failure.messageAttributes().get("traceId").stringValue()).isEqualTo(event.trace());
        assertThat(failure.messageAttributes()).doesNotContainKey("traceparent");
        assertThat(event.failed()).isTrue();
        assertThat(event.links()).containsExactly(root("PUT", "no picture.txt").link());
        assertThat(children(event))
                .filteredOn(span -> span.name().startsWith("aws2"))
                .extracting(span -> span.name() + " " + span.attributes().get("aws.s3.key"))
                .containsExactly("aws2-s3 no picture.txt", "aws2-s3 resized-no picture.txt", "aws2-sqs null");
    }

    @Test
    void eventOfAMissingObjectIsLinkedByTheMessage() throws Exception {
        PIPELINE.faults.fail(Service.S3, "GetObject", Fault.error(404, "NoSuchKey"));
        PIPELINE.faults.fail(Service.S3, "HeadObject", Fault.error(404, "NoSuchKey"));
        PIPELINE.upload("gone.jpg", PHOTO);
        PIPELINE.awaitFailure("gone.jpg");

        ReceivedSpan put = children(root("PUT", "gone.jpg")).get(0);
        assertThat(root("aws2-sqs", "gone.jpg").links()).containsExactly(put.link());
    }

    @Test
    void eachDeliveryDuringAnOutageIsATreeWithTheSameLink() throws Exception {
        var rule =
                PIPELINE.faults.failIn(PIPELINE.resources.thumbnails(), "PutObject", Fault.error(500, "InternalError"));
        PIPELINE.upload("redelivered.jpg", PHOTO);
        Pipeline.await().until(() -> rule.hits() >= 2);
        removeFaults();
        PIPELINE.awaitItem("redelivered.jpg");

        ReceivedSpan upload = root("PUT", "redelivered.jpg");
        Pipeline.await().until(() -> roots("aws2-sqs", "redelivered.jpg").anyMatch(span -> !span.failed()));
        List<ReceivedSpan> deliveries = roots("aws2-sqs", "redelivered.jpg").toList();
        assertThat(deliveries)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(span -> assertThat(span.links()).containsExactly(upload.link()));
        assertThat(deliveries).extracting(ReceivedSpan::trace).doesNotHaveDuplicates();
        assertThat(deliveries.subList(0, deliveries.size() - 1))
                .allSatisfy(span -> assertThat(span.failed()).isTrue());
    }

    private static Map<String, String> metadata(String key) {
        return PIPELINE.s3
                .headObject(request ->
                        request.bucket(PIPELINE.resources.originals()).key(key))
                .metadata();
    }

    /** Waits for the root span of a key. Its children have arrived by then, because they end before it. */
    private static ReceivedSpan root(String name, String key) {
        return Pipeline.await()
                .until(() -> roots(name, key).findFirst(), span -> span.isPresent())
                .orElseThrow();
    }

    private static Stream<ReceivedSpan> roots(String name, String key) {
        return receiver.spans().stream()
                .filter(span -> span.isRoot()
                        && span.name().equals(name)
                        && key.equals(span.attributes().get("aws.s3.key")));
    }

    private static List<ReceivedSpan> children(ReceivedSpan root) {
        return receiver.trace(root.trace()).stream()
                .filter(span -> !span.isRoot())
                .toList();
    }

    /** Returns the children that are calls of AWS. */
    private static List<ReceivedSpan> calls(ReceivedSpan root) {
        return children(root).stream()
                .filter(span -> span.name().startsWith("aws2-"))
                .toList();
    }

    private static List<String> names(ReceivedSpan root) {
        return receiver.trace(root.trace()).stream().map(ReceivedSpan::name).toList();
    }
}

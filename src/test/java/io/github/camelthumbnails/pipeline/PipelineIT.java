// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.awt.image.BufferedImage;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.sqs.model.Message;

/** Tests the pipeline from an upload to the thumbnail and its item, or to the failure message. */
class PipelineIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 201, 121);

    static Stream<String> keys() {
        return Stream.of(
                "plain.jpg",
                "2026/11/in folders.jpg",
                "no-extension",
                "a+b.jpg",
                "100%.jpg",
                "50%25.jpg",
                "${env:HOME}.jpg",
                "a/${sys:user.home}/{{app.roles}}/$simple{1+1}.jpg",
                "q?a=b&c#d;e=f.jpg",
                "quote\"'`<&>.jpg",
                "back\\slash.jpg",
                "RAW(x)*,[1]|^.jpg",
                "한국어 사진 😀.jpg",
                "double//slash.jpg",
                "/leading.jpg",
                "trailing/",
                "folder",
                "folder/inside.jpg",
                " space around ",
                "...",
                "k".repeat(1016));
    }

    @Test
    void uploadBecomesThumbnailAndItem() throws Exception {
        Instant before = Instant.now();

        HttpResponse<String> response = PIPELINE.upload(
                "photo.jpg", PHOTO, "Content-Type", "image/jpeg", "X-Client", "secret", "Accept-Language", "ko");

        String eTag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(eTag)
                .isEqualTo(PIPELINE.s3
                        .headObject(request ->
                                request.bucket(PIPELINE.resources.originals()).key("photo.jpg"))
                        .eTag());
        assertThat(response.headers().map().keySet())
                .as("the response contains nothing of the request")
                .containsExactlyInAnyOrder(
                        "content-type",
                        "cross-origin-resource-policy",
                        "etag",
                        "location",
                        "referrer-policy",
                        "transfer-encoding",
                        "x-content-type-options");

        ResponseBytes<GetObjectResponse> thumbnail = PIPELINE.awaitThumbnail("photo.jpg");
        BufferedImage image = Pictures.decode(thumbnail.asByteArray());
        assertThat(image.getWidth()).isEqualTo(100);
        assertThat(image.getHeight()).isEqualTo(60);
        assertThat(thumbnail.response().contentType()).isEqualTo("image/jpeg");

        Map<String, AttributeValue> item = PIPELINE.awaitItem("photo.jpg");
        assertThat(item)
                .containsEntry("name", AttributeValue.fromS("photo.jpg"))
                .containsEntry("bucket", AttributeValue.fromS(PIPELINE.resources.originals()))
                .containsEntry("sourceETag", AttributeValue.fromS(eTag.replace("\"", "")))
                .containsEntry("sourceSize", AttributeValue.fromN(String.valueOf(PHOTO.length)))
                .containsEntry("thumbnailBucket", AttributeValue.fromS(PIPELINE.resources.thumbnails()))
                .containsEntry("thumbnailKey", AttributeValue.fromS("resized-photo.jpg"))
                .containsEntry("contentType", AttributeValue.fromS("image/jpeg"))
                .containsEntry("width", AttributeValue.fromN("100"))
                .containsEntry("height", AttributeValue.fromN("60"))
                .containsEntry("bytes", AttributeValue.fromN(String.valueOf(thumbnail.asByteArray().length)));
        assertThat(item.get("createdAt").s()).endsWith("Z");
        assertThat(Instant.parse(item.get("createdAt").s()))
                .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
        assertThat(item).containsKeys("renditions", "renditionsHash").hasSize(13);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AVIF")
    void formatIsDetectedFromTheBytesAndKept(ImageFormat format) throws Exception {
        String key = "format-" + format + ".xyz";

        PIPELINE.upload(key, Pictures.quarters(format, 64, 48), "Content-Type", "application/x-www-form-urlencoded");

        ResponseBytes<GetObjectResponse> thumbnail = PIPELINE.awaitThumbnail(key);
        assertThat(thumbnail.response().contentType()).isEqualTo(format.contentType());
        assertThat(Pictures.format(thumbnail.asByteArray())).contains(format);
        assertThat(Pictures.decode(thumbnail.asByteArray()).getWidth()).isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/jpeg",
                "application/x-www-form-urlencoded",
                "multipart/mixed; boundary=x",
                "image/jpeg; charset=bogus",
                "text/plain;charset=UTF-16"
            })
    void contentTypeIsStoredAsSent(String contentType) throws Exception {
        String key = "type " + contentType;
        PIPELINE.upload(key, PHOTO, "Content-Type", contentType);

        assertThat(PIPELINE.s3
                        .headObject(request ->
                                request.bucket(PIPELINE.resources.originals()).key(key))
                        .contentType())
                .isEqualTo(contentType);
        PIPELINE.awaitItem(key);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keyIsStoredExactlyAsSent(String key) throws Exception {
        PIPELINE.upload(key, PHOTO);

        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).contains(key);
        PIPELINE.awaitThumbnail(key);
        assertThat(PIPELINE.awaitItem(key)).containsEntry("thumbnailKey", AttributeValue.fromS("resized-" + key));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void failureMessageContainsTheKey(String key) throws Exception {
        String bad = key.length() > 1000 ? "x" + key.substring(1) : "bad " + key;
        PIPELINE.upload(bad, "no picture".getBytes(StandardCharsets.UTF_8));

        assertThat(PIPELINE.awaitFailure(bad).body()).isEqualTo(bad);
    }

    @Test
    void uploadsOfKnownAndOfUnknownLengthShareConnections() throws Exception {
        byte[] large = Arrays.copyOf(PHOTO, 3_000_000);
        Vertx vertx = Vertx.vertx();
        try {
            HttpClient client = vertx.createHttpClient();
            for (int i = 0; i < 3; i++) {
                assertThat(put(client, PIPELINE.path("small" + i), PHOTO)).isEqualTo(200);
                assertThat(put(client, PIPELINE.path("large" + i), large)).isEqualTo(200);
                assertThat(putOfUnknownLength(client, PIPELINE.path("unknown" + i), large))
                        .isEqualTo(200);
                assertThat(put(client, "/dev/other/x", large)).isEqualTo(403);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }

        assertThat(PIPELINE.original("large2")).isEqualTo(large);
        assertThat(PIPELINE.original("unknown2")).isEqualTo(large);
    }

    /** Returns the status of an upload. */
    private static int put(HttpClient client, String path, byte[] body) throws Exception {
        return put(client, path, request -> request.send(Buffer.buffer(body)));
    }

    private static int putOfUnknownLength(HttpClient client, String path, byte[] body) throws Exception {
        return put(client, path, request -> {
            request.setChunked(true);
            request.write(Buffer.buffer(body).slice(0, 1000));
            request.end(Buffer.buffer(body).slice(1000, body.length));
            return request.response();
        });
    }

    private static int put(HttpClient client, String path, Function<HttpClientRequest, Future<HttpClientResponse>> send)
            throws Exception {
        HttpClientResponse response = client.request(HttpMethod.PUT, PIPELINE.httpPort, "127.0.0.1", path)
                .compose(send)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return response.statusCode();
    }

    @Test
    void requestCannotNameAnotherBucketOrKey() throws Exception {
        String path = PIPELINE.path("claim.jpg") + "?bucket=" + PIPELINE.resources.thumbnails()
                + "&stage=prod&objectKey=evil.jpg&CamelAwsS3Key=evil.jpg";

        assertThat(PIPELINE.put(path, PHOTO).statusCode()).isEqualTo(400);
        HttpResponse<String> response = PIPELINE.put(
                PIPELINE.path("claim.jpg"),
                PHOTO,
                "bucket",
                PIPELINE.resources.thumbnails(),
                "objectKey",
                "evil.jpg",
                "CamelAwsS3Key",
                "evil.jpg",
                "CamelAwsS3OverrideBucketName",
                PIPELINE.resources.thumbnails());

        assertThat(response.statusCode()).isEqualTo(200);
        PIPELINE.awaitThumbnail("claim.jpg");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals()))
                .contains("claim.jpg")
                .doesNotContain("evil.jpg");
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails())).doesNotContain("claim.jpg", "evil.jpg");
    }

    @Test
    void newUploadReplacesTheThumbnail() throws Exception {
        PIPELINE.upload("twice.png", Pictures.quarters(ImageFormat.PNG, 40, 40));
        PIPELINE.awaitItem("twice.png");

        PIPELINE.upload("twice.png", Pictures.quarters(ImageFormat.GIF, 60, 20));

        Pipeline.await()
                .untilAsserted(() -> assertThat(PIPELINE.awaitItem("twice.png"))
                        .containsEntry("contentType", AttributeValue.fromS("image/gif"))
                        .containsEntry("width", AttributeValue.fromN("30")));
        assertThat(PIPELINE.awaitThumbnail("twice.png").response().contentType())
                .isEqualTo("image/gif");
    }

    @Test
    void headersOfTheOriginalAreNotCopiedToTheThumbnail() {
        PIPELINE.s3.putObject(
                request -> request.bucket(PIPELINE.resources.originals())
                        .key("headers.jpg")
                        .contentType("application/octet-stream")
                        .contentDisposition("attachment; filename=secret.jpg")
                        .cacheControl("max-age=1")
                        .metadata(Map.of("owner", "me")),
                RequestBody.fromBytes(PHOTO));

        GetObjectResponse thumbnail = PIPELINE.awaitThumbnail("headers.jpg").response();

        assertThat(thumbnail.contentType()).isEqualTo("image/jpeg");
        assertThat(thumbnail.metadata()).containsOnlyKeys("source-key", "source-etag");
        assertThat(thumbnail.contentDisposition()).isNull();
        assertThat(thumbnail.cacheControl()).isEqualTo("private, no-cache");
        assertThat(thumbnail.contentLength()).isLessThan(PHOTO.length);
    }

    @ParameterizedTest
    @CsvSource({"text.jpg, UnsupportedFormat", "empty.jpg, EmptyObject", "truncated.jpg, CorruptImage"})
    void unusableObjectIsReportedOnce(String key, String reason) {
        byte[] original =
                switch (reason) {
                    case "EmptyObject" -> new byte[0];
                    case "CorruptImage" -> Arrays.copyOf(PHOTO, PHOTO.length / 2);
                    default -> "I am text".getBytes(StandardCharsets.UTF_8);
                };

        PIPELINE.store(key, original);

        Message failure = PIPELINE.awaitFailure(key);
        assertThat(attribute(failure, "reason")).isEqualTo(reason);
        assertThat(attribute(failure, "error")).isNotBlank();
        assertThat(attribute(failure, "bucket")).isEqualTo(PIPELINE.resources.originals());
        assertThat(attribute(failure, "eTag")).matches("[0-9a-f]{32}");
        assertThat(Instant.parse(attribute(failure, "failedAt")))
                .isAfter(Instant.now().minusSeconds(120));
        assertThat(Instant.parse(attribute(failure, "eventTime")))
                .isBefore(Instant.parse(attribute(failure, "failedAt")));
        assertThat(attribute(failure, "attempts")).isEqualTo("1");
        assertThat(failure.messageAttributes())
                .containsOnlyKeys("bucket", "reason", "error", "eTag", "eventTime", "failedAt", "attempts");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures(key)).hasSize(1);
        PIPELINE.assertNoThumbnailAndNoItem(key);
    }

    @Test
    void objectDeletedBeforeItsEventIsReportedOnce() {
        PIPELINE.send("{\"Records\":["
                + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), "gone.jpg") + "]}");

        assertThat(attribute(PIPELINE.awaitFailure("gone.jpg"), "reason")).isEqualTo("ObjectNotFound");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("gone.jpg")).hasSize(1);
        PIPELINE.assertNoThumbnailAndNoItem("gone.jpg");
    }

    @Test
    void keyThatSqsCannotCarryIsReportedPercentEncoded() {
        PIPELINE.send("{\"Records\":["
                + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), "bell\u0007 +.jpg") + "]}");

        Message failure = PIPELINE.awaitFailure("bell%07%20%2B.jpg");
        assertThat(attribute(failure, "keyEncoding")).isEqualTo("percent");
        PIPELINE.awaitNoEvents();
    }

    @Test
    void unusableUploadRemovesTheOldThumbnail() throws Exception {
        PIPELINE.upload("spoilt.jpg", PHOTO);
        PIPELINE.awaitItem("spoilt.jpg");

        PIPELINE.upload("spoilt.jpg", "no picture".getBytes(StandardCharsets.UTF_8));

        PIPELINE.awaitFailure("spoilt.jpg");
        PIPELINE.assertNoThumbnailAndNoItem("spoilt.jpg");
    }

    @Test
    void thumbnailIsRemovedWithItsOriginal() throws Exception {
        PIPELINE.upload("removed.jpg", PHOTO);
        PIPELINE.awaitItem("removed.jpg");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("removed.jpg"));

        PIPELINE.send("{\"Records\":["
                + PIPELINE.record("ObjectRemoved:Delete", PIPELINE.resources.originals(), "removed.jpg") + "]}");

        PIPELINE.awaitNoEvents();
        PIPELINE.assertNoThumbnailAndNoItem("removed.jpg");
        assertThat(PIPELINE.failures("removed.jpg")).isEmpty();
    }

    @Test
    void objectOverTheLimitIsReported() {
        PIPELINE.store("huge.jpg", new byte[26_214_401]);

        assertThat(attribute(PIPELINE.awaitFailure("huge.jpg"), "reason")).isEqualTo("TooManyBytes");
    }

    @Test
    void invalidRecordDoesNotBlockTheOthers() {
        PIPELINE.store("first.txt", PHOTO);
        PIPELINE.store("last.txt", PHOTO);
        PIPELINE.awaitItem("first.txt");
        PIPELINE.awaitItem("last.txt");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key("resized-first.txt"));
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key("resized-last.txt"));
        String bucket = PIPELINE.resources.originals();

        PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "first.txt") + ","
                + PIPELINE.record("ObjectCreated:Put", bucket, "missing in the middle") + ","
                + PIPELINE.record("ObjectCreated:Copy", bucket, "last.txt") + "]}");

        PIPELINE.awaitThumbnail("first.txt");
        PIPELINE.awaitThumbnail("last.txt");
        assertThat(attribute(PIPELINE.awaitFailure("missing in the middle"), "reason"))
                .isEqualTo("ObjectNotFound");
    }

    @Test
    void otherEventsAreAcknowledgedAndCounted() throws Exception {
        PIPELINE.store("kept.jpg", PHOTO);
        PIPELINE.awaitItem("kept.jpg");
        PIPELINE.awaitNoEvents();

        PIPELINE.send("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Time\":\"2026-11-24T00:00:00.000Z\"}");
        PIPELINE.send("{\"Records\":["
                + PIPELINE.record("ObjectRemoved:Delete", PIPELINE.resources.originals(), "kept.jpg") + "]}");
        PIPELINE.send("{\"Records\":["
                + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.thumbnails(), "resized-kept.jpg") + "]}");

        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("kept.jpg")).isEmpty();
        assertThat(PIPELINE.failures("resized-kept.jpg")).isEmpty();
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()))
                .contains("resized-kept.jpg")
                .doesNotContain("resized-resized-kept.jpg");
        assertThat(PIPELINE.observe("metrics"))
                .containsPattern("image_events_total\\{.*kind=\"test\".*outcome=\"ignored\".*} 2.0")
                .containsPattern("image_events_total\\{.*kind=\"created\".*outcome=\"ignored\".*} 1.0")
                .contains("camel_exchanges_failed_total");
    }

    @Test
    void healthIsUp() {
        Pipeline.await()
                .untilAsserted(
                        () -> assertThat(PIPELINE.observe("health/ready")).isEqualTo("{\"status\":\"UP\"}"));
    }

    private static String attribute(Message message, String name) {
        return message.messageAttributes().get(name).stringValue();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests status requests, which tell clients whether a thumbnail is pending, ready or failed. */
class StatusIT {

    /** Runs the upload role only; the tests start a worker when they need one. */
    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().with("app.roles", "upload").with("http.workers", "9").with("upload.maxConcurrent", "1");

    private static final byte[] PHOTO = Pictures.noise(ImageFormat.JPEG, 60, 40);

    @Test
    void statusIsPendingAndThenReady() throws Exception {
        PIPELINE.upload("a b/한.jpg", PHOTO);
        assertThat(status("a b/한.jpg", ""))
                .isEqualTo(new JsonObject().put("key", "a b/한.jpg").put("state", "pending"));

        JsonObject ready;
        try (Worker worker = new Worker()) {
            ready = status("a b/한.jpg", "&wait=30");
        }

        assertThat(ready.getString("state")).isEqualTo("ready");
        JsonObject thumbnail = ready.getJsonObject("thumbnail");
        assertThat(thumbnail.getInteger("width")).isEqualTo(30);
        assertThat(thumbnail.getInteger("height")).isEqualTo(20);
        assertThat(thumbnail.getString("contentType")).isEqualTo("image/jpeg");
        assertThat(thumbnail.getString("key")).isEqualTo("resized-a b/한.jpg");
        assertThat(thumbnail.getString("bucket")).isEqualTo(PIPELINE.resources.thumbnails());
        byte[] bytes = PIPELINE.read("GET", thumbnail.getString("href")).body();
        assertThat(bytes).hasSize(thumbnail.getInteger("bytes"));
        assertThat(Pictures.decode(bytes).getWidth()).isEqualTo(30);
    }

    @Test
    void statusIsFailedWithTheReason() throws Exception {
        PIPELINE.upload("bad.jpg", "no picture".getBytes(StandardCharsets.UTF_8));

        JsonObject failed;
        try (Worker worker = new Worker()) {
            failed = status("bad.jpg", "&wait=30");
        }

        assertThat(failed.getString("state")).isEqualTo("failed");
        assertThat(failed.getJsonObject("failure").getString("reason")).isEqualTo("UnsupportedFormat");
        assertThat(failed.getJsonObject("failure").getString("error")).contains("not those of a JPEG");
        assertThat(failed.getJsonObject("failure").getString("failedAt")).endsWith("Z");
        PIPELINE.awaitFailure("bad.jpg");
    }

    @Test
    void statusIsPendingAgainAfterTheOriginalWasReplaced() throws Exception {
        PIPELINE.upload("twice.jpg", PHOTO);
        PIPELINE.upload("thrice.jpg", new byte[] {1});
        try (Worker worker = new Worker()) {
            assertThat(status("twice.jpg", "&wait=30").getString("state")).isEqualTo("ready");
            assertThat(status("thrice.jpg", "&wait=30").getString("state")).isEqualTo("failed");
        }

        PIPELINE.upload("twice.jpg", Pictures.noise(ImageFormat.PNG, 20, 20));
        PIPELINE.upload("thrice.jpg", PHOTO);

        assertThat(status("twice.jpg", "").getString("state")).isEqualTo("pending");
        assertThat(status("thrice.jpg", "").getString("state")).isEqualTo("pending");
    }

    @Test
    void statusOfAMissingOriginalIsNotFound() throws Exception {
        assertThat(PIPELINE.read("GET", PIPELINE.path("absent") + "?status&wait=5")
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "-1", "1.5", "x", "", "100000000000000000000"})
    void invalidWaitIsRejected(String wait) throws Exception {
        PIPELINE.store("wait", PHOTO);

        HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path("wait") + "?status&wait=" + wait);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).asString().contains("from 0 to 30");
    }

    @Test
    void thumbnailHasNoStatus() throws Exception {
        String path = "/dev/" + PIPELINE.resources.thumbnails() + "/resized-a?status";

        assertThat(PIPELINE.read("GET", path).statusCode()).isEqualTo(400);
    }

    /** Sends eleven times as many requests as there are threads. */
    @Test
    @Timeout(120)
    void waitingRequestsDoNotOccupyThreads() throws Exception {
        PIPELINE.store("slow", PHOTO);
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            PIPELINE.store("slow" + i, PHOTO);
            waiting.add(waitFor(client, "slow" + i));
            waiting.add(waitFor(client, "slow"));
        }

        assertThat(PIPELINE.read("GET", PIPELINE.path("slow")).body()).isEqualTo(PHOTO);
        assertThat(status("slow", "").getString("state")).isEqualTo("pending");
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        try (Worker worker = new Worker()) {
            assertThat(waiting)
                    .allSatisfy(
                            answer -> assertThat(new JsonObject(answer.join().body()).getString("state"))
                                    .isEqualTo("ready"));
        }
    }

    /** Writes the item that a worker would write at the end. */
    private static void finish(String key) {
        String eTag = PIPELINE.s3
                .headObject(request ->
                        request.bucket(PIPELINE.resources.originals()).key(key))
                .eTag()
                .replace("\"", "");
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS(key),
                        "eTag", AttributeValue.fromS(eTag),
                        "reason", AttributeValue.fromS("Test"),
                        "error", AttributeValue.fromS("none"),
                        "failedAt", AttributeValue.fromS("2026-11-27T00:00:00Z"))));
    }

    private static CompletableFuture<HttpResponse<String>> waitFor(HttpClient client, String key) {
        URI uri = URI.create("http://127.0.0.1:" + PIPELINE.httpPort + PIPELINE.path(key) + "?status&wait=30");
        return client.sendAsync(
                HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void waitTimesOutWithStatusPending() throws Exception {
        PIPELINE.store("never", PHOTO);
        long before = System.nanoTime();

        assertThat(status("never", "&wait=2").getString("state")).isEqualTo("pending");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(1900));
    }

    @Test
    void waitEndsWhenTheOriginalMatchesTheThumbnailAgain() throws Exception {
        PIPELINE.upload("replaced.jpg", PHOTO);
        try (Worker worker = new Worker()) {
            assertThat(status("replaced.jpg", "&wait=30").getString("state")).isEqualTo("ready");
        }
        PIPELINE.store("replaced.jpg", Pictures.noise(ImageFormat.PNG, 20, 20));
        CompletableFuture<HttpResponse<String>> waiting = waitFor(HttpClient.newHttpClient(), "replaced.jpg");
        // The original of the thumbnail that still exists.
        PIPELINE.store("replaced.jpg", PHOTO);

        assertThat(new JsonObject(waiting.join().body()).getString("state")).isEqualTo("ready");
    }

    private static JsonObject status(String key, String query) {
        try {
            HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path(key) + "?status" + query);
            String body = new String(response.body(), StandardCharsets.UTF_8);
            assertThat(response.statusCode()).as(body).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            return new JsonObject(body);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Creates thumbnails until it is closed. */
    private static final class Worker implements AutoCloseable {
        private final Main main = PIPELINE.anotherApplication(Map.of("app.roles", "thumbnail"));

        @Override
        public void close() {
            main.stop();
        }
    }
}

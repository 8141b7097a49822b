// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Tests reading originals and thumbnails over HTTP. */
class ReadObjectIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    @Test
    void originalAndThumbnailAreReadFromTheBuckets() throws Exception {
        byte[] photo = Pictures.noise(ImageFormat.JPEG, 60, 40);
        String eTag = PIPELINE.upload("photo.jpg", photo, "Content-Type", "image/jpeg")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        byte[] thumbnail = PIPELINE.awaitThumbnail("photo.jpg").asByteArray();

        HttpResponse<byte[]> original = PIPELINE.read("GET", PIPELINE.path("photo.jpg"));
        HttpResponse<byte[]> small = PIPELINE.read("GET", thumbnails("resized-photo.jpg"));

        assertThat(original.statusCode()).isEqualTo(200);
        assertThat(original.body()).isEqualTo(photo);
        assertThat(small.body()).isEqualTo(thumbnail);
        assertThat(header(original, "ETag")).isEqualTo(eTag);
        assertThat(header(original, "Content-Type")).isEqualTo("image/jpeg");
        assertThat(header(original, "Content-Length")).isEqualTo(String.valueOf(photo.length));
        assertThat(header(original, "Transfer-Encoding")).isNull();
        assertThat(header(original, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(original, "Last-Modified")).endsWith("GMT");
    }

    @Test
    void headHasTheSameHeadersWithoutABody() throws Exception {
        PIPELINE.store("head", new byte[1234]);
        HttpResponse<byte[]> get = PIPELINE.read("GET", PIPELINE.path("head"));

        HttpResponse<byte[]> head = PIPELINE.read("HEAD", PIPELINE.path("head"));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().map()).isEqualTo(get.headers().map());
        assertThat(header(head, "Content-Length")).isEqualTo("1234");
    }

    /** Stores HTML, which a browser could otherwise run with the rights of the page's origin. */
    @Test
    void hostileObjectCannotRunInABrowser() throws Exception {
        PIPELINE.s3.putObject(
                request -> request.bucket(PIPELINE.resources.originals())
                        .key("page.html")
                        .contentType("text/html")
                        .metadata(Map.of("camera", "X100")),
                RequestBody.fromString("<script>alert(1)</script>"));

        HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path("page.html"), "X-Evil", "1");

        assertThat(header(response, "Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(response, "Cache-Control")).isEqualTo("private, no-cache");
        assertThat(header(response, "x-amz-meta-camera")).isEqualTo("X100");
        assertThat(header(response, "X-Evil")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b+c%/한😀.jpg", "${env:HOME}/?x=1&y#z.jpg", "a//b/", "/first"})
    void anyKeyIsRead(String key) throws Exception {
        PIPELINE.store(key, key.getBytes(StandardCharsets.UTF_8));

        assertThat(PIPELINE.read("GET", PIPELINE.path(key)).body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(key);
    }

    @Test
    void thumbnailOfTheLongestKeyIsRead() throws Exception {
        String key = "resized-" + "y".repeat(1016);
        PIPELINE.s3.putObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key(key), RequestBody.fromString("small"));

        assertThat(PIPELINE.read("GET", thumbnails(key)).body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("small");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=2-4       | 206 | 234        | bytes 2-4/10",
                "bytes=7-        | 206 | 789        | bytes 7-9/10",
                "bytes=-2        | 206 | 89         | bytes 8-9/10",
                "bytes=5-500     | 206 | 56789      | bytes 5-9/10",
                "bytes=1-2,4-5   | 200 | 0123456789 |",
                "lines=1-2       | 200 | 0123456789 |",
                "bytes=5-2       | 200 | 0123456789 |",
                "bytes=4-2x      | 200 | 0123456789 |"
            })
    void onlyTheRequestedRangeIsReturned(String range, int status, String content, String contentRange)
            throws Exception {
        PIPELINE.store("digits", "0123456789".getBytes(StandardCharsets.US_ASCII));

        HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path("digits"), "Range", range);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).asString(StandardCharsets.UTF_8).isEqualTo(content);
        assertThat(header(response, "Content-Range")).isEqualTo(contentRange);
        assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(content.length()));
    }

    @Test
    void rangeAfterTheEndIsRejected() throws Exception {
        PIPELINE.store("digits", "0123456789".getBytes(StandardCharsets.US_ASCII));

        HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path("digits"), "Range", "bytes=10-12");

        assertProblem(response, 416, "ends before the range");
        assertThat(header(response, "Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void rangeOfAReplacedObjectIsNotCombinedWithTheOldOne() throws Exception {
        PIPELINE.store("resumed", "0123456789".getBytes(StandardCharsets.US_ASCII));
        String path = PIPELINE.path("resumed");
        HttpResponse<byte[]> first = PIPELINE.read("GET", path, "Range", "bytes=0-3");
        String eTag = header(first, "ETag");

        HttpResponse<byte[]> same = PIPELINE.read("GET", path, "Range", "bytes=4-", "If-Range", eTag);
        assertThat(same.statusCode()).isEqualTo(206);
        assertThat(same.body()).asString().isEqualTo("456789");
        assertThat(PIPELINE.read("GET", path, "Range", "bytes=4-", "If-Range", header(first, "Last-Modified"))
                        .statusCode())
                .isEqualTo(206);
        assertThat(PIPELINE.read("GET", path, "Range", "bytes=4-", "If-Range", "W/" + eTag)
                        .statusCode())
                .isEqualTo(200);

        PIPELINE.store("resumed", "abcdefghij".getBytes(StandardCharsets.US_ASCII));
        HttpResponse<byte[]> replaced = PIPELINE.read("GET", path, "Range", "bytes=4-", "If-Range", eTag);
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.body()).asString().isEqualTo("abcdefghij");
        assertThat(header(replaced, "Content-Range")).isNull();
    }

    /** Each version consists of one character, so that a mixture would be detected. */
    @Test
    void rangeIsConsistentWhileTheObjectIsBeingReplaced() throws Exception {
        AtomicInteger versions = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (char c = 'a'; !stop.get(); c = c == 'z' ? 'a' : (char) (c + 1)) {
                byte[] version = String.valueOf(c).repeat(1000).getBytes(StandardCharsets.US_ASCII);
                PIPELINE.s3.putObject(
                        request ->
                                request.bucket(PIPELINE.resources.thumbnails()).key("changing"),
                        RequestBody.fromBytes(version));
                versions.incrementAndGet();
            }
        });
        try {
            Pipeline.await().until(() -> versions.get() > 1);
            for (int i = 0; i < 100; i++) {
                HttpResponse<byte[]> response = PIPELINE.read(
                        "GET", thumbnails("changing"), "Range", "bytes=500-599", "If-None-Match", "\"none\"");
                if (response.statusCode() == 503) {
                    continue; // replaced during the request
                }
                assertThat(response.statusCode()).isEqualTo(206);
                assertThat(response.body()).hasSize(100).containsOnly(response.body()[0]);
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void absoluteRequestTargetIsAccepted() throws Exception {
        PIPELINE.store("absolute", new byte[] {'o', 'k'});

        assertThat(raw("GET http://somewhere:80" + PIPELINE.path("absolute")
                        + " HTTP/1.1\r\nHost: somewhere\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("ok");
        assertThat(raw("PUT HTTP://somewhere" + PIPELINE.path("absolute")
                        + " HTTP/1.1\r\nHost: somewhere\r\nContent-Length: 3\r\nConnection: close\r\n\r\nnew"))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("Location: " + PIPELINE.path("absolute") + "?status\r\n");
        assertThat(PIPELINE.original("absolute")).asString().isEqualTo("new");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void conditionalRequestsFollowHttp(String method) throws Exception {
        PIPELINE.store("condition", new byte[] {1, 2, 3});
        String path = PIPELINE.path("condition");
        HttpResponse<byte[]> first = PIPELINE.read(method, path);
        // HTTP dates have no fractions of a second, but the object's time may.
        String later = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(1));

        HttpResponse<byte[]> same = PIPELINE.read(method, path, "If-None-Match", header(first, "ETag"));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "ETag")).isEqualTo(header(first, "ETag"));
        assertThat(PIPELINE.read(method, path, "If-None-Match", "\"other\", W/" + header(first, "ETag"))
                        .statusCode())
                .isEqualTo(304);
        assertThat(PIPELINE.read(method, path, "If-Match", "\"other\", " + header(first, "ETag"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(PIPELINE.read(method, path, "If-Modified-Since", header(first, "Last-Modified"))
                        .statusCode())
                .isEqualTo(304);
        assertThat(PIPELINE.read(method, path, "If-Unmodified-Since", header(first, "Last-Modified"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(PIPELINE.read(method, path, "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(PIPELINE.read(method, path, "If-Match", "\"other\"").statusCode())
                .isEqualTo(412);
        assertThat(PIPELINE.read(method, path, "If-Modified-Since", later).statusCode())
                .isEqualTo(304);
        assertThat(PIPELINE.read(method, path, "If-Modified-Since", "yesterday").statusCode())
                .isEqualTo(200);
        assertThat(PIPELINE.read(method, path, "If-Unmodified-Since", later).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/dev/BUCKET/absent      | 404 | no such object",
                "/dev/BUCKET/            | 400 | the key is missing",
                "/dev                    | 400 | the bucket is missing",
                "/prod/BUCKET/a          | 404 | the stage dev",
                "/dev/other/a            | 403 | the bucket",
                "/dev/BUCKET/a/../b      | 400 | '..' segment",
                "/dev/BUCKET/a%2F..%2F.. | 400 | '..' segment",
                "/dev/BUCKET/a%00        | 400 | control character"
            })
    void problemDetailSaysWhatIsWrong(String path, int status, String detail) throws Exception {
        String full = path.replace("BUCKET", PIPELINE.resources.originals());

        assertProblem(PIPELINE.read("GET", full), status, detail);
        HttpResponse<byte[]> head = PIPELINE.read("HEAD", full);
        assertThat(head.statusCode()).isEqualTo(status);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void largeObjectIsReadCompletely() throws Exception {
        byte[] large = new byte[30_000_000];
        new Random(1).nextBytes(large);
        PIPELINE.store("large", large);

        byte[] read = PIPELINE.read("GET", PIPELINE.path("large")).body();

        assertThat(Arrays.equals(read, large)).isTrue();
    }

    /** Uses more clients than there are connections to S3. */
    @Test
    void disconnectedClientsDoNotLeakConnections() throws Exception {
        PIPELINE.store("left", new byte[20_000_000]);
        CamelContext camel = PIPELINE.camel();
        for (int i = 0; i < 450; i++) {
            beginToRead(PIPELINE.path("left"));
        }

        Pipeline.await().until(() -> camel.getInflightRepository().size() == 0);
        assertThat(PIPELINE.read("GET", PIPELINE.path("left")).body()).hasSize(20_000_000);
    }

    /** The server pauses when the buffers are full, and nothing resumes it after the client has disconnected. */
    @Test
    void clientThatDisconnectsWithoutReadingDoesNotLeakAConnection() throws Exception {
        PIPELINE.store("unread", new byte[20_000_000]);
        CamelContext camel = PIPELINE.camel();
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.getOutputStream()
                    .write(("GET " + PIPELINE.path("unread") + " HTTP/1.1\r\nHost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            AtomicInteger received = new AtomicInteger();
            Pipeline.await().during(Duration.ofSeconds(1)).until(() -> {
                int available = socket.getInputStream().available();
                return available > 0 && received.getAndSet(available) == available;
            });
        }

        Pipeline.await().until(() -> camel.getInflightRepository().size() == 0);
    }

    private static void beginToRead(String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(20)).asString().startsWith("HTTP/1.1 200 ");
        }
    }

    private static String thumbnails(String key) {
        return "/dev/" + PIPELINE.resources.thumbnails() + "/" + key;
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String detail) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(new JsonObject(new String(response.body(), StandardCharsets.UTF_8)).getString("detail"))
                .contains(detail);
    }
}

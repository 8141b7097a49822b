// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Tests the headers of uploads, their checksums and conditions, and bodies with and without a length. */
class UploadIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("app.roles", "upload")
            .with("upload.maxBytes", "13000000")
            .with("upload.idleSeconds", "2");

    private static final byte[] BODY = "123456789".getBytes(StandardCharsets.US_ASCII);

    @AfterEach
    void assertNoIncompleteMultipartUploads() {
        assertThat(PIPELINE.s3
                        .listMultipartUploads(request -> request.bucket(PIPELINE.resources.originals()))
                        .uploads())
                .as("incomplete multipart uploads")
                .isEmpty();
    }

    @Test
    void responseHasETagAndStatusLink() throws Exception {
        HttpResponse<String> response =
                PIPELINE.put(PIPELINE.path("a b/한.jpg") + "?x-id=PutObject", BODY, "X-Client", "me");

        String eTag = "\"25f9e794323b453885f5181f1b624d0b\"";
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "ETag")).isEqualTo(eTag);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(header(response, "X-Client")).isNull();
        assertThat(new JsonObject(response.body()))
                .isEqualTo(new JsonObject()
                        .put("bucket", PIPELINE.resources.originals())
                        .put("key", "a b/한.jpg")
                        .put("eTag", eTag)
                        .put("bytes", BODY.length));
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        String status = header(response, "Location");
        assertThat(status).isEqualTo(PIPELINE.path("a b/한.jpg") + "?status");
        assertThat(PIPELINE.read("GET", status).body()).asString().contains("\"pending\"");
    }

    @Test
    void contentTypeAndMetadataAreStored() throws Exception {
        PIPELINE.upload("meta", BODY, "Content-Type", "image/x-own", "X-Amz-Meta-Camera", "X100", "x-amz-meta-b", "2");

        HeadObjectResponse head = PIPELINE.s3.headObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("meta"));

        assertThat(head.contentType()).isEqualTo("image/x-own");
        assertThat(head.metadata()).containsEntry("camera", "X100").containsEntry("b", "2");
        assertThat(header(PIPELINE.read("GET", PIPELINE.path("meta")), "x-amz-meta-camera"))
                .isEqualTo("X100");
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 6_000_000, -9, -6_000_000})
    void cacheControlAndDispositionAreStoredAndReturned(int length) throws Exception {
        byte[] body = random(Math.abs(length));
        String disposition = "attachment; filename=\"a b.jpg\"; filename*=UTF-8''%ED%95%9C.jpg";
        String[] headers = {"Cache-Control", "public, max-age=60", "Content-Disposition", disposition};

        HttpResponse<String> response =
                length > 0 ? PIPELINE.upload("stored", body, headers) : chunked("stored", body, headers);

        assertThat(response.statusCode()).isEqualTo(200);
        for (String method : new String[] {"GET", "HEAD"}) {
            HttpResponse<byte[]> read = PIPELINE.read(method, PIPELINE.path("stored"));
            assertThat(header(read, "Cache-Control")).isEqualTo("public, max-age=60");
            assertThat(header(read, "Content-Disposition")).isEqualTo(disposition);
            assertThat(header(read, "Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
            assertThat(header(read, "X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    @Test
    void contentTypeComesFromTheHeaderOnly() throws Exception {
        assertRefused(
                400,
                "Content-Type",
                PIPELINE.put(PIPELINE.path("type") + "?Content-Type=text/html", BODY, "Content-Type", "image/png"));
        assertRefused(
                400,
                "several values",
                PIPELINE.put(PIPELINE.path("type"), BODY, "Content-Type", "image/png", "Content-Type", "text/html"));
        PIPELINE.upload("type", BODY, "Content-Type", "image/png", "Content-Type", "image/png");

        assertThat(header(PIPELINE.read("HEAD", PIPELINE.path("type")), "Content-Type"))
                .isEqualTo("image/png");
    }

    @Test
    void tooMuchMetadataIsRejected() throws Exception {
        assertRefused(400, "2048", PIPELINE.put(PIPELINE.path("much"), BODY, "x-amz-meta-a", "x".repeat(2048)));

        String half = "x".repeat(1000);
        PIPELINE.upload("much", BODY, "x-amz-meta-a", half, "x-amz-meta-a", half);
    }

    private enum Sum {
        MD5("Content-MD5") {
            @Override
            byte[] of(byte[] body) throws Exception {
                return MessageDigest.getInstance("MD5").digest(body);
            }
        },
        SHA256("x-amz-checksum-sha256") {
            @Override
            byte[] of(byte[] body) throws Exception {
                return MessageDigest.getInstance("SHA-256").digest(body);
            }
        },
        CRC("x-amz-checksum-crc32") {
            @Override
            byte[] of(byte[] body) {
                CRC32 crc = new CRC32();
                crc.update(body);
                return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
            }
        };

        private final String header;

        Sum(String header) {
            this.header = header;
        }

        abstract byte[] of(byte[] body) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void bodyWithAValidChecksumIsStored(Sum sum) throws Exception {
        byte[] large = random(1_000_000);
        String right = Base64.getEncoder().encodeToString(sum.of(large));

        PIPELINE.upload("right " + sum, large, sum.header, right);
        assertThat(chunked("right chunked " + sum, large, sum.header, right).statusCode())
                .isEqualTo(200);

        assertThat(PIPELINE.original("right " + sum)).isEqualTo(large);
        assertThat(PIPELINE.original("right chunked " + sum)).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource
    void bodyWithAWrongChecksumIsNotStored(Sum sum) throws Exception {
        for (int length : new int[] {9, 1_000_000, 12_000_000}) {
            byte[] body = random(length);
            String wrong = Base64.getEncoder().encodeToString(sum.of(new byte[length]));
            String key = "wrong " + sum + length;

            assertRefused(400, sum.header, PIPELINE.put(PIPELINE.path(key), body, sum.header, wrong));
            assertRefused(400, sum.header, chunked(key, body, sum.header, wrong));
            assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-checksum-crc32c", "X-Amz-Checksum-SHA1", "x-amz-checksum-crc64nvme"})
    void wrongChecksumIsNotIgnored(String header) throws Exception {
        assertRefused(400, "hecksum", PIPELINE.put(PIPELINE.path("unknown"), BODY, header, "AAAAAA=="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAA", "====", "ä"})
    void malformedChecksumIsRejected(String checksum) throws Exception {
        assertRefused(400, "Base64", PIPELINE.put(PIPELINE.path("none"), BODY, "x-amz-checksum-sha256", checksum));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Encoding, gzip, 415, as they are",
        "x-amz-decoded-content-length, 3, 400, Send both headers or neither",
        "Content-Encoding, aws-chunked, 411, x-amz-decoded-content-length",
    })
    void encodedBodyIsRejected(String header, String value, int status, String detail) throws Exception {
        assertRefused(status, detail, PIPELINE.put(PIPELINE.path("encoded"), new byte[] {1}, header, value));
        assertRefused(status, detail, chunked("encoded", new byte[] {1}, header, value));
    }

    @Test
    void uploadWithIfNoneMatchDoesNotReplaceAnObject() throws Exception {
        PIPELINE.upload("new", BODY, "If-None-Match", "*");

        assertRefused(412, "If-None-Match", PIPELINE.put(PIPELINE.path("new"), new byte[] {1}, "If-None-Match", "*"));
        assertRefused(412, "If-None-Match", chunked("new", new byte[] {1}, "If-None-Match", "*"));
        assertRefused(412, "If-None-Match", chunked("new", random(6_000_000), "If-None-Match", "*"));

        assertThat(PIPELINE.original("new")).isEqualTo(BODY);
        PIPELINE.upload("new", new byte[] {2});
        assertThat(PIPELINE.original("new")).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({"If-None-Match, \"abc\"", "If-Match, *", "If-Match, \"abc\""})
    void otherConditionsAreRejected(String header, String value) throws Exception {
        assertRefused(501, header, PIPELINE.put(PIPELINE.path("condition"), BODY, header, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5 * 1024 * 1024 - 1, 5 * 1024 * 1024, 5 * 1024 * 1024 + 1, 13_000_000})
    void bodyOfUnknownLengthIsStored(int length) throws Exception {
        byte[] body = random(length);

        HttpResponse<String> response = chunked("chunked", body, "Content-Type", "image/x-own", "x-amz-meta-a", "1");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(Arrays.equals(PIPELINE.original("chunked"), body)).isTrue();
        HttpResponse<byte[]> read = PIPELINE.read("HEAD", PIPELINE.path("chunked"));
        assertThat(header(read, "ETag")).isEqualTo(header(response, "ETag"));
        assertThat(header(read, "Content-Type")).isEqualTo("image/x-own");
        assertThat(header(read, "x-amz-meta-a")).isEqualTo("1");
    }

    @Test
    void bodyOfUnknownLengthHasTheSameLimit() throws Exception {
        assertRefused(413, "upload.maxBytes", chunked("over", random(13_000_001)));
        assertRefused(400, "empty", chunked("over", new byte[0]));

        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("over");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
    void stalledUploadIsAnsweredWithATimeout(String header) throws Exception {
        try (Socket socket = begin("stops", header)) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("upload.idleSeconds");
        }
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("stops");
    }

    @ParameterizedTest
    @CsvSource({"dev, 100 Continue", "prod, 404 Not Found"})
    void expectContinueIsAnsweredBeforeTheBodyIsSent(String stage, String answer) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            String path = PIPELINE.path("asks").replace("/dev/", "/" + stage + "/");
            String head = "PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 " + answer);
            if (answer.startsWith("100")) {
                assertThat(in.readLine()).isEmpty();
                socket.getOutputStream().write(new byte[] {1, 2, 3});
                assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(PIPELINE.original("asks")).containsExactly(1, 2, 3);
            }
        }
    }

    /** Sends a request whose body is incomplete. */
    private static Socket begin(String key, String header) throws IOException {
        Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("PUT " + PIPELINE.path(key) + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n5\r\nabc")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static HttpResponse<String> chunked(String key, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + PIPELINE.httpPort + PIPELINE.path(key)))
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> stream(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static InputStream stream(byte[] body) {
        return new ByteArrayInputStream(body);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    private static void assertRefused(int status, String detail, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getString("type")).isEqualTo("about:blank");
        assertThat(problem.getString("detail")).contains(detail);
    }
}

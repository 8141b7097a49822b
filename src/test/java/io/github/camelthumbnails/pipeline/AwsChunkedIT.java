// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends {@code aws-chunked} bodies byte for byte, and checks the responses. */
class AwsChunkedIT {

    private static final int LARGE = 12 * 1024 * 1024;

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("upload.maxBytes", "13000000");

    @AfterEach
    void empty() {
        String bucket = PIPELINE.resources.originals();
        PIPELINE.keys(bucket)
                .forEach(key ->
                        PIPELINE.s3.deleteObject(one -> one.bucket(bucket).key(key)));
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        return body;
    }

    private static String crc32(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] encode(byte[] body, int chunk, String end) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (int i = 0; i < body.length; i += chunk) {
            int length = Math.min(chunk, body.length - i);
            encoded.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            encoded.write(body, i, length);
            encoded.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        encoded.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
        return encoded.toByteArray();
    }

    private static byte[] encode(byte[] body) {
        return encode(body, 65_537, "0\r\nx-amz-checksum-crc32:" + crc32(body) + "\r\n\r\n");
    }

    private static HttpResponse<String> put(byte[] encoded, int length, boolean withLength, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + PIPELINE.httpPort + PIPELINE.path("key")))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Encoding", "aws-chunked")
                .header("x-amz-trailer", "x-amz-checksum-crc32")
                .PUT(
                        withLength
                                ? HttpRequest.BodyPublishers.ofByteArray(encoded)
                                : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(encoded)));
        if (length >= 0) {
            request.header("x-amz-decoded-content-length", String.valueOf(length));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertRefused(int status, String code, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/xml");
        assertThat(answer.body()).contains("<Error><Code>" + code + "</Code><Message>");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("key");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "100000, true", "100000, false", LARGE + ", true", LARGE + ", false"})
    void dataIsStoredWithoutItsFraming(int length, boolean withLength) throws Exception {
        byte[] body = body(length);

        HttpResponse<String> answer = put(
                encode(body),
                length,
                withLength,
                "x-amz-content-sha256",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "Content-Type",
                "image/x-test");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).isPresent();
        assertThat(answer.headers().firstValue("x-amz-request-id")).isPresent();
        assertThat(PIPELINE.original("key")).isEqualTo(body);
        var stored = PIPELINE.s3.headObject(
                head -> head.bucket(PIPELINE.resources.originals()).key("key"));
        assertThat(stored.contentType()).isEqualTo("image/x-test");
        assertThat(stored.contentEncoding()).isNull();
    }

    @Test
    void errorsForOtherClientsAreInJson() throws Exception {
        byte[] body = body(100);

        assertThat(put(encode(body), 100, true).body()).contains("\"bytes\":100");
        assertThat(put(encode(body), 99, true).headers().firstValue("Content-Type"))
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 6 * 1024 * 1024, LARGE})
    void bodyWithAWrongChecksumIsNotStored(int length) throws Exception {
        byte[] body = body(length);
        byte[] other = body.clone();
        other[length - 1] ^= 1;
        String end = "0\r\nx-amz-checksum-crc32:" + crc32(other) + "\r\n\r\n";

        for (boolean withLength : List.of(true, false)) {
            assertRefused(
                    400, "BadDigest", put(encode(body, 8192, end), length, withLength, "amz-sdk-invocation-id", "x"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE})
    void malformedBodyIsNotStored(int length) throws Exception {
        byte[] body = body(length);
        byte[] encoded = encode(body);
        String[] sdk = {"amz-sdk-invocation-id", "x"};

        assertRefused(400, "InvalidRequest", put(encode(body, 8192, "0\r\n\r\n"), length, true, sdk));
        assertRefused(400, "IncompleteBody", put(Arrays.copyOf(encoded, encoded.length - 1), length, true, sdk));
        assertRefused(400, "IncompleteBody", put(Arrays.copyOf(encoded, length / 2), length, true, sdk));
        assertRefused(400, "InvalidRequest", put(Arrays.copyOf(encoded, encoded.length + 1), length, true, sdk));
        assertRefused(400, "IncompleteBody", put(encoded, length - 1, true, sdk));
        assertRefused(400, "IncompleteBody", put(encoded, length + 1, true, sdk));
        assertRefused(400, "InvalidRequest", put("hello\r\n".getBytes(StandardCharsets.US_ASCII), length, false, sdk));
    }

    @Test
    void decodedLengthIsRequiredAndLimited() throws Exception {
        String[] sdk = {"amz-sdk-invocation-id", "x"};
        byte[] encoded = encode(body(10));

        assertRefused(411, "MissingContentLength", put(encoded, -1, true, sdk));
        assertRefused(413, "EntityTooLarge", put(encoded, 13_000_001, true, sdk));
        assertRefused(400, "InvalidArgument", put(encoded, 0, true, sdk));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, br", "aws-chunked"})
    void additionalEncodingIsRejected(String encoding) throws Exception {
        HttpResponse<String> answer =
                put(encode(body(10)), 10, true, "Content-Encoding", encoding, "amz-sdk-invocation-id", "x");

        assertRefused(415, "InvalidRequest", answer);
    }

    @Test
    void hashOfTheSignatureIsVerified() throws Exception {
        assertThat(PIPELINE.put(PIPELINE.path("key"), new byte[] {1}, "x-amz-content-sha256", "0".repeat(64))
                        .body())
                .contains(
                        "<Code>XAmzContentSHA256Mismatch</Code>", "<Resource>" + PIPELINE.path("key") + "</Resource>");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).isEmpty();
    }

    /** Some clients then omit the body, and reuse the connection if it stays open. */
    @Test
    void connectionIsClosedIfTheBodyWasNotRequested() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            socket.getOutputStream()
                    .write("PUT /dev/other/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(in.readLine()).startsWith("HTTP/1.1 403 ");
            assertThat(in.lines().toList()).contains("connection: close");
        }
    }
}

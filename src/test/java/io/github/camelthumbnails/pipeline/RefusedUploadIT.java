// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that invalid uploads are rejected with a helpful error and are not stored. */
class RefusedUploadIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("upload.maxBytes", "100000");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/                     | x | 400 | the bucket is missing",
                "/dev                  | x | 400 | the bucket is missing",
                "/dev/BUCKET           | x | 400 | the key is missing",
                "/dev/BUCKET/          | x | 400 | the key is missing",
                "/dev/BUCKET/a.jpg     |   | 400 | The body is empty",
                "/prod/BUCKET/a.jpg    | x | 404 | the stage dev",
                "/dev/other/a.jpg      | x | 403 | the bucket",
                "/dev/BUCKETS/a.jpg    | x | 403 | the bucket",
                "/dev/BUCKET/a/../b    | x | 400 | '..' segment",
                "/dev/BUCKET/%2E%2E/b  | x | 400 | '..' segment",
                "/dev/BUCKET/a%00b     | x | 400 | control character",
                "/dev/BUCKET/%FF       | x | 400 | not percent-encoded UTF-8"
            })
    void problemDetailSaysWhatToChange(String path, String body, int status, String detail) throws Exception {
        HttpResponse<String> response = PIPELINE.put(
                path.replace("BUCKET", PIPELINE.resources.originals()),
                body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                "X-Client",
                "secret");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).hasLineCount(1);
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).contains(detail);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().map()).doesNotContainKey("x-client");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1024, 400", "1025, 400", "1017, 400"})
    void keyTooLongForItsThumbnailIsRejected(int length, int status) throws Exception {
        HttpResponse<String> response = PIPELINE.put(PIPELINE.path("k".repeat(length)), new byte[] {1});

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(response.body()).getString("detail")).contains(length + " bytes", "1016");
    }

    @Test
    void bodyAboveTheLimitIsRejected() throws Exception {
        HttpResponse<String> response = PIPELINE.put(PIPELINE.path("big.jpg"), new byte[5_000_000]);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("upload.maxBytes");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POST", "DELETE", "PATCH", "OPTIONS"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        assertThat(raw(method + " " + PIPELINE.path("a")
                        + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
    }

    @Test
    void metadataThatHttpCannotCarryIsRejected() throws Exception {
        assertThat(raw("PUT " + PIPELINE.path("a") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                        + "x-amz-meta-name: caf\u00e9\r\nConnection: close\r\n\r\nx"))
                .startsWith("HTTP/1.1 400 ")
                .contains("percent-encode");
    }

    @Test
    void malformedPercentEncodingIsRejected() throws Exception {
        assertThat(raw("PUT " + PIPELINE.path("") + "100%.jpg HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                        + "Connection: close\r\n\r\nx"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void abortedUploadLeavesNothing() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.getOutputStream()
                    .write(("PUT " + PIPELINE.path("half.jpg") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n"
                                    + "only the beginning")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        HttpResponse<String> response = PIPELINE.upload("whole.jpg", new byte[] {1});
        assertThat(response.statusCode()).isEqualTo(200);
        PIPELINE.awaitFailure("whole.jpg");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).containsExactly("whole.jpg");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("whole.jpg"));
    }

    private static String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

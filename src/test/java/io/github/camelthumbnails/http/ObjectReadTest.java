// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class ObjectReadTest {

    private static final HeadObjectResponse FOUND = HeadObjectResponse.builder()
            .eTag("\"abc\"")
            .contentLength(10L)
            .contentType("image/png")
            .lastModified(Instant.parse("2026-11-03T08:30:00Z"))
            .metadata(Map.of("camera", "X100"))
            .build();

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Range: bytes=0-1",
                "If-Match: *",
                "If-None-Match: *",
                "If-Modified-Since: x",
                "If-Unmodified-Since: x"
            })
    void conditionOrRangeNeedsAHeadRequest(String header) {
        assertThat(ObjectRead.needsHead(StubRequest.of("GET", "/", header).request()))
                .isTrue();
    }

    @Test
    void plainGetNeedsNoHeadRequest() {
        assertThat(ObjectRead.needsHead(
                        StubRequest.of("GET", "/", "If-Range: \"x\"").request()))
                .isFalse();
        assertThat(ObjectRead.needsHead(StubRequest.of("HEAD", "/").request())).isTrue();
    }

    @Test
    void getRequestsTheVersionForWhichTheRangeWasEvaluated() throws Exception {
        evaluate(StubRequest.of("GET", "/", "Range: bytes=4-99"));

        GetObjectRequest get = get(0);
        assertThat(get.range()).isEqualTo("bytes=4-9");
        assertThat(get.ifMatch()).isEqualTo("\"abc\"");
        assertThat(get.bucket() + "/" + get.key()).isEqualTo("b/k");
    }

    @Test
    void plainGetHasNoCondition() throws Exception {
        assertThat(get(0).ifMatch()).isNull();
        assertThat(get(0).range()).isNull();
    }

    @Test
    void rangeIsDroppedIfTheObjectWasReplaced() throws Exception {
        evaluate(StubRequest.of("GET", "/", "Range: bytes=4-5", "If-Range: \"abc\""));
        assertThat(get(0).range()).isEqualTo("bytes=4-5");

        evaluate(StubRequest.of("GET", "/", "Range: bytes=4-5", "If-Range: \"old\""));

        assertThat(get(1).range()).isNull();
        assertThat(get(1).ifMatch()).isEqualTo("\"abc\"");
    }

    @Test
    void requestIsRefusedIfTheObjectIsReplacedTooOften() throws Exception {
        assertThat(get(4)).isNotNull();

        assertRefused(503, "being replaced", () -> get(5));
    }

    @Test
    void rangeAfterTheEndIsRefusedWithTheLengthOfTheObject() {
        StubRequest request = StubRequest.of("GET", "/", "Range: bytes=10-");

        assertRefused(416, "10 bytes", () -> evaluate(request));
        assertThat(request.responseHeaders().get("Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void failedConditionIsRefused() {
        assertRefused(412, "If-Match", () -> evaluate(StubRequest.of("GET", "/", "If-Match: \"x\"")));
        assertRefused(412, "If-Match", () -> evaluate(StubRequest.of("HEAD", "/", "If-Match: \"x\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void unmodifiedObjectIsAnsweredWith304AndItsValidators(String method) throws Exception {
        StubRequest request = StubRequest.of(method, "/", "If-None-Match: W/\"abc\"", "Range: bytes=99-");

        evaluate(request);

        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 304)
                .containsEntry("ETag", "\"abc\"")
                .containsEntry("Last-Modified", "Tue, 03 Nov 2026 08:30:00 GMT");
        assertThat(exchange.getMessage().getBody()).isNull();
        assertThat(request.responseHeaders().get("Cache-Control")).isEqualTo("private, no-cache");
    }

    @Test
    void headIgnoresTheRange() throws Exception {
        evaluate(StubRequest.of("HEAD", "/", "Range: bytes=99-"));

        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 200)
                .containsEntry("ETag", "\"abc\"")
                .containsEntry("Content-Type", "image/png")
                .containsEntry("x-amz-meta-camera", "X100")
                .containsEntry("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, 200, none", "bytes 2-4/10, 206, bytes 2-4/10"})
    void responseToGetIsPartialIfThatOfS3Is(String contentRange, int status, String expected) {
        answerGet(GetObjectResponse.builder().contentRange(contentRange));

        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
        assertThat(exchange.getMessage().getHeader("Content-Range")).isEqualTo(expected);
        assertThat(exchange.getMessage().getHeader("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void storedHeadersAreReturned() {
        StubRequest request = answerGet(GetObjectResponse.builder()
                .cacheControl("public, max-age=60")
                .contentDisposition("attachment; filename=\"a.png\"")
                .contentEncoding("gzip")
                .contentLanguage("ko"));

        assertThat(request.responseHeaders().get("Cache-Control")).isEqualTo("public, max-age=60");
        assertThat(request.responseHeaders().get("Content-Disposition")).isEqualTo("attachment; filename=\"a.png\"");
        assertThat(request.responseHeaders().get("Content-Encoding")).isEqualTo("gzip");
        assertThat(request.responseHeaders().get("Content-Language")).isEqualTo("ko");
        assertThat(exchange.getMessage().getHeader("Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
    }

    @Test
    void objectWithoutStoredHeadersMustBeRevalidatedByCaches() {
        StubRequest request = answerGet(GetObjectResponse.builder());

        assertThat(request.responseHeaders().get("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(request.responseHeaders().names()).containsExactly("Cache-Control");
    }

    private void evaluate(StubRequest request) throws RequestRefusedException {
        exchange.getMessage().setBody(FOUND);
        ObjectRead.evaluateConditions(exchange, request.request());
    }

    private GetObjectRequest get(int replacements) throws RequestRefusedException {
        return ObjectRead.get(
                "b",
                "k",
                exchange.getProperty("found", HeadObjectResponse.class),
                exchange.getProperty("range", String.class),
                replacements);
    }

    private StubRequest answerGet(GetObjectResponse.Builder response) {
        StubRequest request = StubRequest.of("GET", "/");
        response.eTag("\"abc\"").contentLength(3L).lastModified(Instant.EPOCH).metadata(Map.of());
        exchange.getMessage()
                .setBody(new ResponseInputStream<>(
                        response.build(), AbortableInputStream.create(new ByteArrayInputStream(new byte[3]))));
        ObjectRead.answerGet(exchange, request.request());
        return request;
    }

    private interface Call {
        void run() throws RequestRefusedException;
    }

    private static void assertRefused(int status, String detail, Call call) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(call::run)
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class RefusalTest {

    private static final HttpServerRequest GET = StubRequest.of("GET", "/").request();
    private static final HttpServerRequest PUT = StubRequest.of("PUT", "/").request();

    @Test
    void refusedRequestIsAClientErrorForEveryMethod() {
        Exception refused = RequestRefusedException.badRequest("Send less.");

        assertThat(Refusal.isClientError(refused, GET)).isTrue();
        assertThat(Refusal.isClientError(new IOException(refused), PUT)).isTrue();
        assertThat(Refusal.isClientError(new IOException("reset"), PUT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "304, true, false",
        "403, true, false",
        "404, true, false",
        "412, true, true",
        "416, true, false",
        "400, false, false",
        "409, false, false",
        "500, false, false",
        "503, false, false"
    })
    void s3ErrorIsAClientErrorIfTheClientCanFixIt(int status, boolean forReads, boolean forUploads) {
        assertThat(Refusal.isClientError(s3(status), GET)).isEqualTo(forReads);
        assertThat(Refusal.isClientError(s3(status), PUT)).isEqualTo(forUploads);
        assertThat(Refusal.isClientError(new IllegalStateException(s3(status)), GET))
                .isEqualTo(forReads);
    }

    @Test
    void bodyIsOneLineOfProblemJson() {
        Refusal refusal = Refusal.of(new IOException(RequestRefusedException.badRequest("Send \"less\".")));

        assertThat(refusal.type()).isEqualTo("application/problem+json");
        assertThat(refusal.body()).hasLineCount(1);
        assertThat(new JsonObject(refusal.body()))
                .isEqualTo(new JsonObject()
                        .put("type", "about:blank")
                        .put("status", 400)
                        .put("title", "Bad Request")
                        .put("detail", "Send \"less\"."));
        assertThat(refusal.challenge()).isNull();
        assertThat(refusal.retryAfter()).isNull();
    }

    @Test
    void only401HasAChallengeAndOnly503HasRetryAfter() {
        assertThat(Refusal.of(RequestRefusedException.unauthorized("d")).challenge())
                .isEqualTo("ApiKey realm=\"camel-thumbnails\"");
        assertThat(Refusal.of(RequestRefusedException.forbidden("d")).challenge())
                .isNull();
        assertThat(Refusal.of(RequestRefusedException.busy("d")).retryAfter()).isEqualTo("5");
    }

    @ParameterizedTest
    @CsvSource({
        "403, 404, Not Found, no such object",
        "404, 404, Not Found, no such object",
        "412, 412, Precondition Failed, Use another key",
        "416, 416, Range Not Satisfiable, ends before"
    })
    void s3ErrorIsTranslatedIntoAnHttpError(int status, int expected, String title, String detail) {
        Refusal refusal = Refusal.of(s3(status));

        assertThat(refusal.status()).isEqualTo(expected);
        assertThat(refusal.title()).isEqualTo(title);
        assertThat(refusal.detail()).contains(detail);
    }

    @Test
    void outageIsAProblemThatPasses() {
        Refusal refusal = Refusal.unavailable();

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.retryAfter()).isEqualTo("5");
        assertThat(refusal.detail()).contains("Try again later");
    }

    @Test
    void archivedObjectIsRefusedWithAdviceToRestoreIt() {
        Refusal refusal = Refusal.of(InvalidObjectStateException.builder()
                .statusCode(403)
                .message("archived")
                .build());

        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.detail()).contains("Restore it");
    }

    @Test
    void notModifiedHasTheETagAndNoBody() {
        Refusal refusal = Refusal.of((Exception) S3Exception.builder()
                .statusCode(304)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .sdkHttpResponse(SdkHttpResponse.builder()
                                .putHeader("ETag", "\"abc\"")
                                .build())
                        .build())
                .build());

        assertThat(refusal.status()).isEqualTo(304);
        assertThat(refusal.eTag()).isEqualTo("\"abc\"");
        assertThat(refusal.body()).isNull();
        assertThat(refusal.type()).isNull();
        assertThat(Refusal.of(s3(304)).eTag()).isNull();
    }

    private static Exception s3(int status) {
        return (Exception)
                S3Exception.builder().statusCode(status).message("no").build();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.WorkerLimitException;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FailureTest {

    static Stream<Arguments> causes() {
        UnusableImageException corrupt = new UnusableImageException(Reason.CorruptImage, "broken", null);
        return Stream.of(
                Arguments.of(corrupt, true, "CorruptImage"),
                Arguments.of(new RuntimeCamelException(corrupt), true, "CorruptImage"),
                Arguments.of(limit(WorkerLimitException.Reason.NotEnoughMemory), false, "NotEnoughMemory"),
                Arguments.of(limit(WorkerLimitException.Reason.WorkerOverloaded), false, "WorkerOverloaded"),
                Arguments.of(limit(WorkerLimitException.Reason.MissingLibrary), false, "MissingLibrary"),
                Arguments.of(NoSuchKeyException.builder().statusCode(404).build(), true, "ObjectNotFound"),
                Arguments.of(s3(403, "AccessDenied"), true, "AccessDenied"),
                Arguments.of(s3(400, "KeyTooLongError"), true, "RequestRefused"),
                Arguments.of(s3(408, "RequestTimeout"), false, "ServiceUnavailable"),
                Arguments.of(s3(400, "RequestTimeout"), false, "ServiceUnavailable"),
                Arguments.of(s3(403, "RequestTimeTooSkewed"), false, "ServiceUnavailable"),
                Arguments.of(s3(429, "SlowDown"), false, "ServiceUnavailable"),
                Arguments.of(s3(500, "InternalError"), false, "ServiceUnavailable"),
                Arguments.of(s3(503, "SlowDown"), false, "ServiceUnavailable"),
                Arguments.of(throttled(), false, "ServiceUnavailable"),
                Arguments.of(SdkClientException.create("connection refused"), false, "ServiceUnavailable"),
                Arguments.of(new IllegalStateException("bug"), false, "InternalError"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void causeDecidesOnReasonAndRetries(Exception cause, boolean permanent, String reason) {
        assertThat(Failure.isPermanent(cause)).isEqualTo(permanent);
        assertThat(Failure.reason(cause)).isEqualTo(reason);
    }

    @Test
    void errorIsOneShortLineThatSqsCanCarry() {
        assertThat(Failure.error(new IllegalStateException("a\r\n\tb\u0000c\uFFFF\uD800d 한😀")))
                .isEqualTo("a b c d 한😀");
        assertThat(Failure.error(new IllegalStateException("x".repeat(10_000)))).hasSizeLessThan(310);
        assertThat(Failure.error(new IllegalStateException("x" + "😀".repeat(1000))))
                .isEqualTo("x" + "😀".repeat(149) + " ...");
        assertThat(Failure.error(new RuntimeCamelException("wrapped", new IOException("Connection reset"))))
                .isEqualTo("Connection reset");
        assertThat(Failure.error(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    /** As Camel passes it on, with an error of the JVM as its cause. */
    private static Exception limit(WorkerLimitException.Reason reason) {
        return new RuntimeCamelException(new WorkerLimitException(reason, "too little", new OutOfMemoryError()));
    }

    private static Exception s3(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    private static Exception throttled() {
        return ProvisionedThroughputExceededException.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ProvisionedThroughputExceededException")
                        .build())
                .build();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.WorkerLimitException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FailureTest {

    private static final ImageEvent EVENT =
            new ImageEvent(ImageEvent.Kind.CREATED, "ObjectCreated:Put", "originals", "a.jpg", "e", null, null, null);

    /** The status is always that of a rejected request, so that only the error code can decide. */
    @ParameterizedTest
    @CsvSource({
        "ObjectNotFound, true, NoSuchKey",
        "ObjectNotFound, true, NoSuchVersion",
        "ObjectArchived, true, InvalidObjectState",
        "AccessDenied, true, AccessDenied",
        "AccessDenied, true, AccessDeniedException",
        "AccessDenied, true, AllAccessDisabled",
        "AccessDenied, true, KmsAccessDenied",
        "AccessDenied, true, KMS.AccessDeniedException",
        "ServiceUnavailable, false, Throttling",
        "ServiceUnavailable, false, ThrottlingException",
        "ServiceUnavailable, false, ThrottledException",
        "ServiceUnavailable, false, RequestThrottled",
        "ServiceUnavailable, false, RequestThrottledException",
        "ServiceUnavailable, false, RequestLimitExceeded",
        "ServiceUnavailable, false, TooManyRequestsException",
        "ServiceUnavailable, false, ProvisionedThroughputExceededException",
        "ServiceUnavailable, false, BandwidthLimitExceeded",
        "ServiceUnavailable, false, LimitExceededException",
        "ServiceUnavailable, false, SlowDown",
        "ServiceUnavailable, false, KmsThrottled",
        "ServiceUnavailable, false, KMS.ThrottlingException",
        "ServiceUnavailable, false, InternalError",
        "ServiceUnavailable, false, InternalFailure",
        "ServiceUnavailable, false, InternalServerError",
        "ServiceUnavailable, false, ServiceUnavailable",
        "ServiceUnavailable, false, KMS.InternalException",
        "ServiceUnavailable, false, KMS.UnavailableException",
        "ServiceUnavailable, false, KMS.DependencyTimeoutException",
        "ServiceUnavailable, false, RequestTimeout",
        "ServiceUnavailable, false, RequestTimeoutException",
        "ServiceUnavailable, false, IncompleteBody",
        "ServiceUnavailable, false, BadDigest",
        "ServiceUnavailable, false, XAmzContentSHA256Mismatch",
        "ServiceUnavailable, false, OperationAborted",
        "ServiceUnavailable, false, ConditionalRequestConflict",
        "ServiceUnavailable, false, ConditionalCheckFailedException",
        "ServiceUnavailable, false, TransactionConflictException",
        "ServiceUnavailable, false, TransactionInProgressException",
        "ServiceUnavailable, false, ReplicatedWriteConflictException",
        "ServiceUnavailable, false, PriorRequestNotComplete",
        "CredentialsRejected, false, ExpiredToken",
        "CredentialsRejected, false, ExpiredTokenException",
        "CredentialsRejected, false, InvalidToken",
        "CredentialsRejected, false, InvalidIdentityToken",
        "CredentialsRejected, false, IDPCommunicationError",
        "CredentialsRejected, false, TokenRefreshRequired",
        "CredentialsRejected, false, UnrecognizedClientException",
        "CredentialsRejected, false, InvalidClientTokenId",
        "CredentialsRejected, false, InvalidAccessKeyId",
        "CredentialsRejected, false, InvalidSecurity",
        "CredentialsRejected, false, SignatureDoesNotMatch",
        "CredentialsRejected, false, InvalidSignatureException",
        "CredentialsRejected, false, IncompleteSignature",
        "CredentialsRejected, false, IncompleteSignatureException",
        "CredentialsRejected, false, MissingAuthenticationToken",
        "CredentialsRejected, false, MissingAuthenticationTokenException",
        "CredentialsRejected, false, MissingSecurityHeader",
        "CredentialsRejected, false, AuthFailure",
        "CredentialsRejected, false, AuthorizationHeaderMalformed",
        "CredentialsRejected, false, RequestTimeTooSkewed",
        "CredentialsRejected, false, RequestExpired",
        "CredentialsRejected, false, RequestInTheFuture",
        "CredentialsRejected, false, AccountProblem",
        "CredentialsRejected, false, NotSignedUp",
        "CredentialsRejected, false, OptInRequired",
        "ResourceMissing, false, NoSuchBucket",
        "ResourceMissing, false, PermanentRedirect",
        "ResourceMissing, false, ResourceNotFoundException",
        "ResourceMissing, false, ResourceInUseException",
        "ResourceMissing, false, QueueDoesNotExist",
        "ResourceMissing, false, AWS.SimpleQueueService.NonExistentQueue",
        "ResourceMissing, false, KmsDisabled",
        "ResourceMissing, false, KmsNotFound",
        "ResourceMissing, false, KmsInvalidState",
        "ResourceMissing, false, KMS.DisabledException",
        "ResourceMissing, false, KMS.NotFoundException",
        "ResourceMissing, false, KMS.KMSInvalidStateException"
    })
    void errorCodeDecides(String reason, boolean permanent, String code) {
        assertThat(Failure.classify(s3(405, code)).name()).isEqualTo(reason);
        assertThat(Failure.isPermanent(s3(405, code), null, EVENT)).isEqualTo(permanent);
    }

    @ParameterizedTest
    @CsvSource({
        "400, RequestRefused, true",
        "403, AccessDenied, true",
        "404, RequestRefused, true",
        "408, ServiceUnavailable, false",
        "409, ServiceUnavailable, false",
        "429, ServiceUnavailable, false",
        "301, ServiceUnavailable, false",
        "500, ServiceUnavailable, false",
        "503, ServiceUnavailable, false",
        "599, ServiceUnavailable, false"
    })
    void statusDecidesIfTheErrorCodeIsUnknown(int status, String reason, boolean permanent) {
        Exception answer = s3(status, "SomethingNew");
        assertThat(Failure.classify(answer).name()).isEqualTo(reason);
        assertThat(Failure.isPermanent(answer, null, EVENT)).isEqualTo(permanent);
    }

    /** Responses to HEAD have no error code, for example if credentials are expired or the clock is wrong. */
    @ParameterizedTest
    @CsvSource({
        "400, CredentialsRejected, false",
        "403, CredentialsRejected, false",
        "412, RequestRefused, true",
        "429, ServiceUnavailable, false",
        "503, ServiceUnavailable, false"
    })
    void statusDecidesIfThereIsNoErrorCode(int status, String reason, boolean permanent) {
        Exception answer = S3Exception.builder().statusCode(status).build();
        assertThat(Failure.classify(answer).name()).isEqualTo(reason);
        assertThat(Failure.isPermanent(answer, null, EVENT)).isEqualTo(permanent);
    }

    static Stream<Arguments> otherCauses() {
        return Stream.of(
                Arguments.of(NoSuchKeyException.builder().statusCode(404).build(), true, "ObjectNotFound"),
                Arguments.of(SdkClientException.create("connection refused"), false, "ServiceUnavailable"),
                Arguments.of(ApiCallTimeoutException.create(1), false, "ServiceUnavailable"),
                Arguments.of(new SocketException("Connection reset"), false, "ServiceUnavailable"),
                Arguments.of(new BeingReportedException("a.jpg"), false, "InternalError"),
                Arguments.of(new IllegalStateException("bug"), false, "InternalError"),
                Arguments.of(
                        new CamelExecutionException("error", null, new OutOfMemoryError("Java heap space")),
                        false,
                        "InternalError"));
    }

    @ParameterizedTest
    @MethodSource("otherCauses")
    void exceptionTypeDecides(Exception cause, boolean permanent, String reason) {
        assertThat(Failure.classify(cause).name()).isEqualTo(reason);
        assertThat(Failure.isPermanent(cause, null, EVENT)).isEqualTo(permanent);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void unusablePictureIsAPermanentFailureWithTheSameReason(Reason reason) {
        UnusableImageException unusable = new UnusableImageException(reason, "broken", new IOException());

        for (Exception cause : List.of(unusable, new RuntimeCamelException(unusable))) {
            assertThat(Failure.reason(cause)).isEqualTo(reason.name());
            assertThat(Failure.isPermanent(cause, null, EVENT)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(WorkerLimitException.Reason.class)
    void workerLimitIsATransientFailureWithTheSameReason(WorkerLimitException.Reason reason) {
        Exception cause = new RuntimeCamelException(new WorkerLimitException(reason, "too small", null));

        assertThat(Failure.reason(cause)).isEqualTo(reason.name());
        assertThat(Failure.isPermanent(cause, null, EVENT)).isFalse();
    }

    @Test
    void errorDuringAReportIsNeverPermanent() {
        assertThat(Failure.isPermanent(s3(403, "AccessDenied"), s3(404, "NoSuchKey"), EVENT))
                .isFalse();
    }

    @Test
    void transientFailureIsFinalAtTheLastReceiveUnlessAReportIsInProgress() {
        Exception lost = new SocketException("Connection reset");
        assertThat(Failure.isFinal(lost, true, null, EVENT)).isTrue();
        assertThat(Failure.isFinal(lost, false, null, EVENT)).isFalse();
        assertThat(Failure.isFinal(lost, true, s3(404, "NoSuchKey"), EVENT)).isFalse();
        assertThat(Failure.isFinal(lost, true, null, null))
                .as("a whole message")
                .isFalse();
        assertThat(Failure.isPermanent(s3(404, "NoSuchKey"), null, null))
                .as("a whole message")
                .isFalse();
    }

    @Test
    void eventInterruptedByAShutdownHasNotFailed() {
        for (Exception stop : List.of(new InterruptedException(), new RejectedExecutionException())) {
            assertThat(Failure.isFinal(new RuntimeCamelException(stop), true, null, EVENT))
                    .isFalse();
        }
    }

    /** If two reasons had the same error code, the enum would not load. */
    @Test
    void everyErrorCodeIsTested() {
        assertThat(Arrays.stream(FailureReason.values())
                        .flatMap(reason -> reason.errorCodes().stream())
                        .count())
                .isEqualTo(77);
    }

    @Test
    void errorIsOneShortLineThatSqsAccepts() {
        assertThat(Failure.error(new IllegalStateException("a\r\n\tb\u0000c\uFFFF\uD800d 한😀")))
                .isEqualTo("a b c d 한😀");
        assertThat(Failure.error(new IllegalStateException("x".repeat(10_000)))).hasSizeLessThan(310);
        assertThat(Failure.error(new IllegalStateException("x" + "😀".repeat(1000))))
                .isEqualTo("x" + "😀".repeat(149) + " ...");
        assertThat(Failure.error(new RuntimeCamelException("wrapped", new IOException("Connection reset"))))
                .isEqualTo("Connection reset");
        assertThat(Failure.error(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    /** Entity tags have quotes in HTTP headers, but not in events and items. */
    @Test
    void entityTagAndVersionAreThoseOfTheObjectRead() {
        ImageEvent event = event();

        assertThat(Failure.eTag("\"e2\"", event)).isEqualTo("e2");
        assertThat(Failure.versionId("\"e2\"", "v2", event)).isEqualTo("v2");
        assertThat(Failure.versionId("\"e2\"", null, event))
                .as("a bucket without versioning")
                .isNull();
    }

    @Test
    void entityTagAndVersionAreThoseOfTheEventIfNoObjectWasRead() {
        assertThat(Failure.eTag(null, event())).isEqualTo("e1");
        assertThat(Failure.versionId(null, null, event())).isEqualTo("v1");
    }

    private static ImageEvent event() {
        return new ImageEvent(
                ImageEvent.Kind.CREATED, "ObjectCreated:Put", "originals", "a.jpg", "e1", "v1", null, null);
    }

    /** SQS rejects characters that are invalid in XML 1.0. */
    @Test
    void keyThatSqsRejectsIsPercentEncoded() {
        for (String key : List.of("a b+c%20.jpg", "tab\tline\r\n", "한국어 😀", "\u0080\uD7FF\uE000\uFFFD", "")) {
            assertThat(Failure.key(key)).isEqualTo(key);
            assertThat(Failure.keyEncoding(key)).isNull();
        }
        for (String key : List.of("\u0000", "\u0008", "\u000B", "\u001F", "\uFFFE", "\uFFFF")) {
            assertThat(Failure.keyEncoding(key)).isEqualTo("percent");
            assertThat(URLDecoder.decode(Failure.key("a +%" + key), StandardCharsets.UTF_8))
                    .isEqualTo("a +%" + key);
            assertThat(Failure.key("a +%" + key)).startsWith("a%20%2B%25%");
        }
    }

    private static Exception s3(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}

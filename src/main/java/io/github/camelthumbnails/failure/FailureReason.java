// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The causes of a missing thumbnail, as the failure message names them, and whether another try can help.
 *
 * <p>This is the only classification of errors: {@link Failure#classify} looks exceptions up here, and a test holds the table in
 * docs/failures.md against it. The error codes are those that the services document:
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3</a>
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">DynamoDB</a>
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html">SQS</a>
 */
public enum FailureReason {
    EmptyObject(true, "The object has no bytes."),
    UnsupportedFormat(
            true,
            "The bytes are of no supported format, or use a feature of it that cannot be decoded, which the error names. HEIC and"
                    + " AVIF need libheif ([pictures.md](pictures.md))."),
    CorruptImage(true, "The picture is broken or cut off."),
    TooManyBytes(true, "The object is larger than `image.maxBytes`."),
    TooManyPixels(
            true,
            "The picture has more pixels than `image.maxPixels`, or ten times as many in all frames of an animation."),
    Timeout(true, "The picture has used up its processor time, `image.timeoutSeconds`."),
    ObjectNotFound(true, "The object was removed before its event was processed.", "NoSuchKey", "NoSuchVersion"),
    ObjectArchived(
            true,
            "The object is in an archive. Restore it in S3; the event of the restored object creates the thumbnail.",
            "InvalidObjectState"),
    AccessDenied(
            true,
            "The application has no permission for the object, its encryption key, the bucket, the table or the queue. Any 403"
                    + " with another error code.",
            "AccessDenied",
            "AccessDeniedException",
            "AllAccessDisabled",
            "KmsAccessDenied",
            "KMS.AccessDeniedException"),
    RequestRefused(true, "AWS refuses the request as such. Any other 4xx."),
    ServiceUnavailable(
            false,
            "AWS fails, throttles, does not answer in time or cannot be reached, or a transfer broke off. Any 3xx, 408, 409, 429"
                    + " and 5xx, and all time-outs and lost connections.",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "ProvisionedThroughputExceededException",
            "BandwidthLimitExceeded",
            "LimitExceededException",
            "SlowDown",
            "KmsThrottled",
            "KMS.ThrottlingException",
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "ServiceUnavailable",
            "KMS.InternalException",
            "KMS.UnavailableException",
            "KMS.DependencyTimeoutException",
            "RequestTimeout",
            "RequestTimeoutException",
            "IncompleteBody",
            "BadDigest",
            "XAmzContentSHA256Mismatch",
            "OperationAborted",
            "ConditionalRequestConflict",
            "TransactionConflictException",
            "TransactionInProgressException",
            "ReplicatedWriteConflictException",
            "PriorRequestNotComplete"),
    CredentialsRejected(
            false,
            "The credentials have expired or are not valid, the clock is wrong, or the account is blocked. A 400 or 403 without an error code: answers to HEAD have none, and a lasting refusal shows in the GET of the next try.",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidToken",
            "InvalidIdentityToken",
            "IDPCommunicationError",
            "TokenRefreshRequired",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidSecurity",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "MissingSecurityHeader",
            "AuthFailure",
            "AuthorizationHeaderMalformed",
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "AccountProblem",
            "NotSignedUp",
            "OptInRequired"),
    ResourceMissing(
            false,
            "A bucket, table, queue or encryption key does not exist, is in another region, is not ready or is disabled. Check the settings.",
            "NoSuchBucket",
            "PermanentRedirect",
            "ResourceNotFoundException",
            "ResourceInUseException",
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
            "KmsDisabled",
            "KmsNotFound",
            "KmsInvalidState",
            "KMS.DisabledException",
            "KMS.NotFoundException",
            "KMS.KMSInvalidStateException"),
    NotEnoughMemory(
            false,
            "The picture needs more memory than this worker has for decoding, `image.memoryPercent` of the heap. Give the"
                    + " worker more memory."),
    WorkerOverloaded(
            false,
            "The picture was not done in time, although it has not used up its processor time: the worker is too busy."),
    MissingLibrary(false, "A library of this worker cannot be loaded, such as libwebp."),
    InternalError(false, "Anything else, such as a bug.");

    private static final Map<String, FailureReason> BY_ERROR_CODE = Arrays.stream(values())
            .flatMap(reason -> reason.errorCodes.stream().map(code -> Map.entry(code, reason)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final boolean permanent;
    private final String meaning;
    private final List<String> errorCodes;

    FailureReason(boolean permanent, String meaning, String... errorCodes) {
        this.permanent = permanent;
        this.meaning = meaning;
        this.errorCodes = List.of(errorCodes);
    }

    /** Whether every further try would fail in the same way. */
    public boolean isPermanent() {
        return permanent;
    }

    /** Describes the reason in one or two sentences, for the documentation. */
    public String meaning() {
        return meaning;
    }

    /** The AWS error codes that have this reason whatever their HTTP status. */
    public List<String> errorCodes() {
        return errorCodes;
    }

    /** Finds the reason of an AWS error code. */
    static Optional<FailureReason> ofErrorCode(String code) {
        return Optional.ofNullable(code).map(BY_ERROR_CODE::get);
    }
}

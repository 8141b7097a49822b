// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lists the reasons why a thumbnail cannot be created, and whether a retry can help. Failure messages contain the names
 * of the constants.
 *
 * <p>Errors are classified only here: {@link Failure#classify} looks exceptions up in this list, and a test compares it with the
 * tables in docs/failures.md. The AWS services document the error codes:
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3</a>
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">DynamoDB</a>
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html">SQS</a>
 */
public enum FailureReason {
    EmptyObject(true, "The object has no bytes."),
    UnsupportedFormat(
            true,
            "The format is not supported, or the picture uses a feature of it that cannot be decoded, which the error names."
                    + " HEIC and AVIF need libheif ([pictures.md](pictures.md))."),
    CorruptImage(true, "The picture is corrupt or truncated."),
    TooManyBytes(true, "The object is larger than `image.maxBytes`."),
    TooManyPixels(
            true,
            "The picture has more pixels than `image.maxPixels`, or an animation has ten times as many in all its frames."),
    Timeout(true, "The picture needs more CPU time than `image.timeoutSeconds`."),
    ObjectNotFound(true, "The object was removed before its event was processed.", "NoSuchKey", "NoSuchVersion"),
    ObjectArchived(
            true,
            "The object is archived. Restore it in S3: the event of the restored object creates the thumbnail.",
            "InvalidObjectState"),
    AccessDenied(
            true,
            "The application has no permission for the object, its encryption key, the bucket, the table or the queue. Includes"
                    + " any 403 with another error code.",
            "AccessDenied",
            "AccessDeniedException",
            "AllAccessDisabled",
            "KmsAccessDenied",
            "KMS.AccessDeniedException"),
    RequestRefused(true, "AWS rejects the request as invalid. Includes any other 4xx."),
    ServiceUnavailable(
            false,
            "AWS fails, throttles, times out or cannot be reached, or a transfer was interrupted. Includes any 3xx, 408, 409,"
                    + " 429 and 5xx, and all timeouts and lost connections.",
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
            "ConditionalCheckFailedException",
            "TransactionConflictException",
            "TransactionInProgressException",
            "ReplicatedWriteConflictException",
            "PriorRequestNotComplete"),
    CredentialsRejected(
            false,
            "The credentials are expired or invalid, the clock is wrong, or the account is blocked. Includes a 400 or 403 without an error code: responses to HEAD have none, and the GET of the next attempt tells whether the refusal is permanent.",
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
            "The picture needs more heap or more memory outside it than decodes may use ([capacity.md](capacity.md#memory))."
                    + " The error says which. Give the worker more heap (`-XX:MaxRAMPercentage`), or more memory."),
    WorkerOverloaded(
            false, "The picture was not finished in time, although it has CPU time left: the worker is too busy."),
    MissingLibrary(false, "The worker cannot load a library, such as libwebp."),
    InternalError(false, "Any other error, such as a bug.");

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

    /** Returns whether every retry would fail in the same way. */
    public boolean isPermanent() {
        return permanent;
    }

    /**
     * Returns whether the picture itself is the cause, so that a retry helps only after somebody has replaced or restored it. All other
     * failures no longer occur once AWS, the permissions or the worker are repaired.
     */
    public boolean isPictureAtFault() {
        return permanent && this != AccessDenied && this != RequestRefused;
    }

    /** Describes the reason in one to three sentences, for the documentation. */
    public String meaning() {
        return meaning;
    }

    /** Returns the AWS error codes that have this reason, regardless of the HTTP status. */
    public List<String> errorCodes() {
        return errorCodes;
    }

    /** Returns the reason of an AWS error code, or empty if the code is unknown. */
    static Optional<FailureReason> ofErrorCode(String code) {
        return Optional.ofNullable(code).map(BY_ERROR_CODE::get);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.WorkerLimitException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.CamelException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.util.ObjectHelper;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Says why a thumbnail could not be made: for a program, for a person, and whether to try again. */
public final class Failure {

    /** Enough for any one sentence, and far below what an SQS message may hold. */
    private static final int MAX_ERROR_LENGTH = 300;

    private Failure() {}

    /**
     * Whether the same would happen again: the picture is unusable, the object is gone, or AWS refuses the request as such.
     *
     * @param exception what ended the exchange
     */
    public static boolean isPermanent(Exception exception) {
        return find(UnusableImageException.class, exception).isPresent()
                || find(AwsServiceException.class, exception)
                        .filter(e -> e.statusCode() / 100 == 4 && !isPassing(e))
                        .isPresent();
    }

    /** What a status of 4xx says although it is no fault of the request. */
    private static boolean isPassing(AwsServiceException exception) {
        return exception.isThrottlingException()
                || exception.isClockSkewException()
                || exception.statusCode() == 408
                || isError("RequestTimeout", exception);
    }

    private static boolean isError(String code, AwsServiceException exception) {
        return exception.awsErrorDetails() != null
                && code.equals(exception.awsErrorDetails().errorCode());
    }

    /**
     * The cause in a word.
     *
     * @param exception what ended the exchange
     */
    public static String reason(Exception exception) {
        Optional<UnusableImageException> unusable = find(UnusableImageException.class, exception);
        if (unusable.isPresent()) {
            return unusable.get().reason().name();
        }
        Optional<WorkerLimitException> limited = find(WorkerLimitException.class, exception);
        if (limited.isPresent()) {
            return limited.get().reason().name();
        }
        Optional<AwsServiceException> refused = find(AwsServiceException.class, exception);
        if (refused.isPresent()) {
            if (refused.get() instanceof NoSuchKeyException) {
                return "ObjectNotFound";
            }
            if (isAccessDenied(refused.get()) && !isPassing(refused.get())) {
                return "AccessDenied";
            }
            return isPermanent(exception) ? "RequestRefused" : "ServiceUnavailable";
        }
        // A lost connection is an IOException while the object is read; a decoder's is inside an
        // UnusableImageException.
        boolean connection = find(SdkClientException.class, exception).isPresent()
                || find(IOException.class, exception).isPresent();
        return connection ? "ServiceUnavailable" : "InternalError";
    }

    /** DynamoDB and SQS say so by the code of the error, with the status 400. */
    private static boolean isAccessDenied(AwsServiceException exception) {
        return exception.statusCode() == 403 || isError("AccessDeniedException", exception);
    }

    /**
     * The cause in one line.
     *
     * @param exception what ended the exchange
     */
    public static String error(Exception exception) {
        Throwable cause = cause(exception);
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String start = message.length() <= MAX_ERROR_LENGTH ? message : message.substring(0, MAX_ERROR_LENGTH) + "...";
        // What XML 1.0 cannot carry, SQS refuses: also the half of a character that was cut in two.
        return start.replaceAll("[\\s\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]+", " ").strip();
    }

    /** The entity tag of the object that failed: the one that was read, or else the one that the event speaks of. */
    public static String eTag(
            @ExchangeProperty("sourceETag") String source, @ExchangeProperty("event") ImageEvent event) {
        return source == null ? event.eTag() : source.replace("\"", "");
    }

    /** The version of the object that failed, or null in a bucket without versions. */
    public static String versionId(
            @ExchangeProperty("sourceETag") String source,
            @ExchangeProperty("sourceVersionId") String sourceVersionId,
            @ExchangeProperty("event") ImageEvent event) {
        return source == null ? event.versionId() : sourceVersionId;
    }

    /**
     * The key as the body of an SQS message.
     *
     * @see #keyEncoding
     */
    public static String key(@ExchangeProperty("objectKey") String objectKey) {
        return keyEncoding(objectKey) == null
                ? objectKey
                : URLEncoder.encode(objectKey, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * How the key is written in the message: null as it is, or {@code percent} if it holds a character that XML 1.0, and so
     * SQS, cannot carry. S3 takes such keys.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">SendMessage</a>
     */
    public static String keyEncoding(@ExchangeProperty("objectKey") String objectKey) {
        boolean plain = objectKey
                .codePoints()
                .allMatch(c -> c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || c >= 0x20 && c < Character.MIN_SURROGATE
                        || c > Character.MAX_SURROGATE && c <= 0xFFFD
                        || c >= Character.MIN_SUPPLEMENTARY_CODE_POINT);
        return plain ? null : "percent";
    }

    /**
     * Lets the caller's error handling have what was caught.
     *
     * @throws Exception always: the problem
     */
    public static void rethrow(@ExchangeProperty("problem") Exception problem) throws Exception {
        throw problem;
    }

    /** What Camel has wrapped, perhaps several times. */
    private static Throwable cause(Throwable exception) {
        return exception instanceof CamelException || exception instanceof RuntimeCamelException
                ? Optional.ofNullable(exception.getCause()).map(Failure::cause).orElse(exception)
                : exception;
    }

    private static <T> Optional<T> find(Class<T> type, Exception exception) {
        return Optional.ofNullable(ObjectHelper.getException(type, exception));
    }
}

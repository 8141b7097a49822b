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
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Variable;
import org.apache.camel.util.ObjectHelper;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Describes why a thumbnail could not be created: classifies exceptions and provides the values of the failure message. */
public final class Failure {

    /** Maximum length of an error text: enough for one sentence, and far below the limit of an SQS message. */
    private static final int MAX_ERROR_LENGTH = 300;

    private Failure() {}

    /**
     * Returns whether every retry would fail in the same way. This is never the case while a failure is being reported: until the
     * report has reached the failure queue, the event stays on the events queue.
     *
     * @param exception the exception that ended the exchange
     * @param failure the failure that is being reported, or null
     * @param event the record that is being processed, or null if the message as a whole failed
     */
    public static boolean isPermanent(
            Exception exception,
            @ExchangeProperty("failure") Exception failure,
            @ExchangeProperty("event") ImageEvent event) {
        return event != null && failure == null && classify(exception).isPermanent();
    }

    /**
     * Returns whether a transient failure must be reported because SQS does not redeliver the event. An event that is interrupted
     * by the shutdown of its worker has not failed; it goes to the dead-letter queue.
     *
     * @param exception the exception that ended the exchange
     * @param lastReceive whether this is the last receive of the event
     * @param failure the failure that is being reported, or null
     * @param event the record that is being processed, or null if the message as a whole failed
     */
    public static boolean isFinal(
            Exception exception,
            @ExchangeProperty("lastReceive") boolean lastReceive,
            @ExchangeProperty("failure") Exception failure,
            @ExchangeProperty("event") ImageEvent event) {
        return event != null
                && lastReceive
                && failure == null
                && find(InterruptedException.class, exception).isEmpty()
                && find(RejectedExecutionException.class, exception).isEmpty();
    }

    /** Returns the name of the reason for the failure message. */
    public static String reason(@ExchangeProperty("failure") Exception failure) {
        return classify(failure).name();
    }

    /**
     * Classifies an exception.
     *
     * @param exception the exception that ended the exchange, perhaps wrapped by Camel
     */
    public static FailureReason classify(Exception exception) {
        Optional<UnusableImageException> unusable = find(UnusableImageException.class, exception);
        if (unusable.isPresent()) {
            return FailureReason.valueOf(unusable.get().reason().name());
        }
        Optional<WorkerLimitException> limited = find(WorkerLimitException.class, exception);
        if (limited.isPresent()) {
            return FailureReason.valueOf(limited.get().reason().name());
        }
        Optional<AwsServiceException> answer = find(AwsServiceException.class, exception);
        if (answer.isPresent()) {
            return classify(answer.get());
        }
        // An IOException is a lost connection to S3. Those of decoders are wrapped in an UnusableImageException.
        boolean connection = find(SdkClientException.class, exception).isPresent()
                || find(IOException.class, exception).isPresent();
        return connection ? FailureReason.ServiceUnavailable : FailureReason.InternalError;
    }

    /** Classifies an error response by its error code, or by its HTTP status if the code is unknown or missing, as for HEAD. */
    private static FailureReason classify(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return FailureReason.ofErrorCode(code).orElseGet(() -> {
            if (answer instanceof NoSuchKeyException) {
                return FailureReason.ObjectNotFound;
            }
            return switch (answer.statusCode()) {
                case 400, 403 ->
                    code == null
                            ? FailureReason.CredentialsRejected
                            : answer.statusCode() == 403 ? FailureReason.AccessDenied : FailureReason.RequestRefused;
                case 408, 409, 429 -> FailureReason.ServiceUnavailable;
                default ->
                    answer.statusCode() / 100 == 4 ? FailureReason.RequestRefused : FailureReason.ServiceUnavailable;
            };
        });
    }

    /** Returns the message of the exception as one line of at most 300 characters that SQS accepts. */
    public static String error(@ExchangeProperty("failure") Exception failure) {
        Throwable cause = cause(failure);
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String start = message.length() <= MAX_ERROR_LENGTH ? message : message.substring(0, MAX_ERROR_LENGTH) + "...";
        // SQS rejects characters that are invalid in XML 1.0, such as half of a surrogate pair that was just cut.
        return start.replaceAll("[\\s\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]+", " ").strip();
    }

    /** Returns the entity tag of the object that failed: that of the object read, or of the event if none was read. */
    public static String eTag(@Variable("sourceETag") String source, @ExchangeProperty("event") ImageEvent event) {
        return source == null ? event.eTag() : source.replace("\"", "");
    }

    /** Returns the version of the object that failed, or null in a bucket without versioning. */
    public static String versionId(
            @Variable("sourceETag") String source,
            @Variable("sourceVersionId") String sourceVersionId,
            @ExchangeProperty("event") ImageEvent event) {
        return source == null ? event.versionId() : sourceVersionId;
    }

    /**
     * Returns the object key as the body of an SQS message, percent-encoded if necessary.
     *
     * @see #keyEncoding
     */
    public static String key(@ExchangeProperty("objectKey") String objectKey) {
        return keyEncoding(objectKey) == null
                ? objectKey
                : URLEncoder.encode(objectKey, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Returns how the key is encoded in the failure message: {@code percent} if it has a character that is invalid in XML 1.0 and
     * therefore in SQS, but valid in S3; otherwise null.
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
     * Rethrows an exception that the route caught earlier, so that the caller's error handler handles it.
     *
     * @throws Exception always: the exception in the property {@code problem}
     */
    public static void rethrow(@ExchangeProperty("problem") Exception problem) throws Exception {
        throw problem;
    }

    /** Unwraps an exception that Camel has wrapped, perhaps several times. */
    private static Throwable cause(Throwable exception) {
        return exception instanceof CamelException || exception instanceof RuntimeCamelException
                ? Optional.ofNullable(exception.getCause()).map(Failure::cause).orElse(exception)
                : exception;
    }

    private static <T> Optional<T> find(Class<T> type, Exception exception) {
        return Optional.ofNullable(ObjectHelper.getException(type, exception));
    }
}

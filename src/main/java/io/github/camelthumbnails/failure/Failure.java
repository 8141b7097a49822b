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

/** Describes why a thumbnail could not be made: as a reason for programs and as one line for people. */
public final class Failure {

    /** Enough for any one sentence, and far below what an SQS message may hold. */
    private static final int MAX_ERROR_LENGTH = 300;

    private Failure() {}

    /**
     * Whether every further try would fail in the same way. An error while a failure is reported never is: the report has to
     * reach the failure queue, or else the event stays on its own.
     *
     * @param exception what ended the exchange
     * @param failure what is being reported, or null
     * @param event the record that is being processed, or null if the message as a whole has failed
     */
    public static boolean isPermanent(
            Exception exception,
            @ExchangeProperty("failure") Exception failure,
            @ExchangeProperty("event") ImageEvent event) {
        return event != null && failure == null && classify(exception).isPermanent();
    }

    /**
     * Whether a transient failure has to be reported, because the event is not delivered again. An event that a stopping worker
     * gives up has not failed; it goes to the dead-letter queue.
     *
     * @param exception what ended the exchange
     * @param lastReceive whether it is the last receive of the event
     * @param failure what is being reported, or null
     * @param event the record that is being processed, or null if the message as a whole has failed
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

    /** The name of the reason, as the failure message carries it. */
    public static String reason(@ExchangeProperty("failure") Exception failure) {
        return classify(failure).name();
    }

    /**
     * Finds the reason why an exchange has ended.
     *
     * @param exception what ended the exchange, perhaps wrapped by Camel
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
        // A lost connection is an IOException while the object is read; a decoder's is inside an
        // UnusableImageException.
        boolean connection = find(SdkClientException.class, exception).isPresent()
                || find(IOException.class, exception).isPresent();
        return connection ? FailureReason.ServiceUnavailable : FailureReason.InternalError;
    }

    /** The error code decides; the HTTP status only if the code is unknown or, as in answers to HEAD, missing. */
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

    /** The cause in one line of at most 300 characters, all of which SQS can carry. */
    public static String error(@ExchangeProperty("failure") Exception failure) {
        Throwable cause = cause(failure);
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String start = message.length() <= MAX_ERROR_LENGTH ? message : message.substring(0, MAX_ERROR_LENGTH) + "...";
        // What XML 1.0 cannot carry, SQS refuses: also the half of a character that was cut in two.
        return start.replaceAll("[\\s\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]+", " ").strip();
    }

    /** The entity tag of the object that failed: the one that was read, or else the one that the event speaks of. */
    public static String eTag(@Variable("sourceETag") String source, @ExchangeProperty("event") ImageEvent event) {
        return source == null ? event.eTag() : source.replace("\"", "");
    }

    /** The version of the object that failed, or null in a bucket without versions. */
    public static String versionId(
            @Variable("sourceETag") String source,
            @Variable("sourceVersionId") String sourceVersionId,
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

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import io.github.camelthumbnails.image.UnusableImageException;
import java.io.IOException;
import java.util.Optional;
import org.apache.camel.CamelException;
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
                        .filter(e -> e.statusCode() / 100 == 4 && !e.isThrottlingException() && e.statusCode() != 408)
                        .isPresent();
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
        Optional<AwsServiceException> refused = find(AwsServiceException.class, exception);
        if (refused.isPresent()) {
            if (refused.get() instanceof NoSuchKeyException) {
                return "ObjectNotFound";
            }
            if (refused.get().statusCode() == 403) {
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

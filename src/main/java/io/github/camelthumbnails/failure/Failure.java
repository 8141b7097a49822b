// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import io.github.camelthumbnails.image.UnusableImageException;
import java.util.Optional;
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
        return find(SdkClientException.class, exception).isPresent() ? "ServiceUnavailable" : "InternalError";
    }

    /**
     * The cause in one line.
     *
     * @param exception what ended the exchange
     */
    public static String error(Exception exception) {
        String message = exception.getMessage() == null ? exception.getClass().getSimpleName() : exception.getMessage();
        // What XML 1.0 cannot carry, SQS refuses.
        String line =
                message.replaceAll("[\\s\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]+", " ").strip();
        return line.length() <= MAX_ERROR_LENGTH ? line : line.substring(0, MAX_ERROR_LENGTH) + "...";
    }

    private static <T> Optional<T> find(Class<T> type, Exception exception) {
        return Optional.ofNullable(ObjectHelper.getException(type, exception));
    }
}

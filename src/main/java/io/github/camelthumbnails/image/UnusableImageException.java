// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/**
 * Thrown when no thumbnail can ever be made of an original. A retry is of no use.
 *
 * @see WorkerLimitException
 */
public final class UnusableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why, in a word that a program can compare. */
    public enum Reason {
        /** The object holds no bytes. */
        EmptyObject,
        /** No codec recognises the bytes, or the format has a feature that cannot be decoded. */
        UnsupportedFormat,
        /** The format is known but the picture is broken or cut off. */
        CorruptImage,
        /** The object is larger than {@code image.maxBytes}. */
        TooManyBytes,
        /** The picture has more pixels than {@code image.maxPixels}, or its animation {@link Codec#ANIMATION_FACTOR} times as many. */
        TooManyPixels,
        /** The picture is not done after {@code image.timeoutSeconds} of CPU time. */
        Timeout
    }

    private final Reason reason;

    /**
     * @param reason why
     * @param message what was found and what was expected, in one line
     * @param cause the decoder's complaint, or null
     */
    public UnusableImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, in a word. */
    public Reason reason() {
        return reason;
    }
}

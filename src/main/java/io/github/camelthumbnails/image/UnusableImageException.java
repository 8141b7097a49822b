// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/**
 * Thrown when no thumbnail can ever be made of an original. Retries are pointless.
 *
 * @see WorkerLimitException
 */
public final class UnusableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Codes for the reason, which programs can compare. */
    public enum Reason {
        /** The object is empty. */
        EmptyObject,
        /** No codec recognises the file, or the file uses a feature of its format that cannot be decoded. */
        UnsupportedFormat,
        /** A codec recognises the file, but the file is broken or cut off. */
        CorruptImage,
        /** The object is larger than {@code image.maxBytes}. */
        TooManyBytes,
        /**
         * The picture has more than {@code image.maxPixels}, or all frames more than {@link Codec#ANIMATION_FACTOR}
         * times as many.
         */
        TooManyPixels,
        /** The thumbnail takes more CPU time than {@code image.timeoutSeconds}. */
        Timeout
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason why no thumbnail can be made
     * @param message what was found and what was expected, in one line
     * @param cause the decoder's exception, or null
     */
    public UnusableImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns why no thumbnail can be made. */
    public Reason reason() {
        return reason;
    }
}

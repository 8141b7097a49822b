// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;

/** Thrown by a codec when a picture that it would have to decode exceeds {@code image.maxPixels}. */
public final class TooManyPixelsException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the number of pixels and the limit
     */
    public TooManyPixelsException(String message) {
        super(message);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;

/** Thrown by a codec for a file in which a picture that has to be decoded has more pixels than {@code image.maxPixels}. */
public final class TooManyPixelsException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message says how many there are and may be */
    public TooManyPixelsException(String message) {
        super(message);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.io.IOException;

/** Thrown when a HEIC or AVIF file would need more pixels to be decoded than are allowed. */
public final class HeifLimitException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message how many pixels there are
     */
    public HeifLimitException(String message) {
        super(message);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.io.IOException;

/**
 * Thrown when a HEIC or AVIF file is of a kind that cannot be decoded here, although it may be sound. The message says what to
 * install, if that helps.
 */
public final class UnsupportedHeifException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what the file needs
     */
    public UnsupportedHeifException(String message) {
        super(message);
    }
}

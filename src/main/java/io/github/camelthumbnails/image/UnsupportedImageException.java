// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;

/** Thrown by a codec when a valid file uses a feature of its format that the codec cannot decode. */
public final class UnsupportedImageException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message names the feature and says how to avoid it
     */
    public UnsupportedImageException(String message) {
        super(message);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;

/** Thrown by a codec for a file that is valid, but uses a feature of its format that cannot be decoded here. */
public final class UnsupportedImageException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message names the feature, and says what to do */
    public UnsupportedImageException(String message) {
        super(message);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

/** Thrown when a message names no original, so that a redrive has to leave it where it is. */
final class UnreadableMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, without a full stop */
    UnreadableMessageException(String message) {
        super(message, null, false, false);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

/** A message on the events queue that S3 did not write. It stays there until SQS moves it to the dead-letter queue. */
public final class NotAnS3EventException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what the message lacks
     * @param cause the parser's complaint, or null
     */
    public NotAnS3EventException(String message, Throwable cause) {
        super(message, cause);
    }
}

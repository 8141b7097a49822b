// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

/**
 * Thrown when a message on the events queue is not an S3 event notification. It is not acknowledged, so that SQS moves it to the
 * dead-letter queue.
 *
 * <p>Has no stack trace, because the cause is in the message, and each delivery would log two useless traces.
 */
public final class NotAnS3EventException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception for one message.
     *
     * @param message why it is not an event notification, in one line
     */
    public NotAnS3EventException(String message) {
        super("Not an S3 event notification: " + message, null, false, false);
    }
}

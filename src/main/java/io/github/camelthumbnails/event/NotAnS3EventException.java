// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

/**
 * A message on the events queue that S3 did not write. It stays there until SQS moves it to the dead-letter queue.
 *
 * <p>Without a stack trace: the fault is in the message, and each of its deliveries would log two traces that say nothing.
 */
public final class NotAnS3EventException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what was found in the place of an event, in one line */
    public NotAnS3EventException(String message) {
        super("Not an S3 event notification: " + message, null, false, false);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.FailureReason;
import java.time.Instant;
import java.util.Set;

/**
 * Holds a message that a redrive has received and understood.
 *
 * @param id the message id, which stays the same when the message is received again
 * @param sentAt when the message was sent to its queue
 * @param keys the keys of the originals that the message is about
 * @param reason why the original failed; null in the dead-letter queue, where messages have no reason
 * @param failedAt when the original failed, or null in the dead-letter queue
 * @param event the body to send to the events queue
 */
record RedriveMessage(
        String id, Instant sentAt, Set<String> keys, FailureReason reason, Instant failedAt, String event) {

    /** Returns whether a redrive with these options moves the message. */
    boolean isSelectedBy(RedriveOptions options) {
        return (reason == null || options.reasons().contains(reason))
                && keys.stream()
                        .anyMatch(key -> key.startsWith(options.prefix())
                                && (options.keys() == null || options.keys().contains(key)));
    }
}

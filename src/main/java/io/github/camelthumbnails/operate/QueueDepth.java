// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

/**
 * The approximate number of messages on a queue.
 *
 * @param name the purpose of the queue: {@code events}, {@code failures} or {@code dead}
 * @param waiting messages that can be received
 * @param inFlight messages that somebody has received and not deleted
 * @param delayed messages that cannot be received yet
 */
public record QueueDepth(String name, long waiting, long inFlight, long delayed) {

    /** Tells whether the queue has no messages at all. */
    public boolean isEmpty() {
        return waiting == 0 && inFlight == 0 && delayed == 0;
    }
}

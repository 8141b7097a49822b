// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.FailureReason;
import java.util.Set;

/**
 * Selects the messages that a redrive moves back to the events queue. A message has to satisfy all conditions.
 *
 * @param source the queue to receive messages from
 * @param reasons the reasons to retry; a message without a known reason counts as {@link FailureReason#InternalError}. Empty for the
 *     dead-letter queue, whose messages have no reason
 * @param prefix the start of the keys, empty for all
 * @param keys the keys to retry, or null for all
 * @param dryRun whether to count the messages only, and leave all of them where they are
 */
public record RedriveOptions(
        Source source, Set<FailureReason> reasons, String prefix, Set<String> keys, boolean dryRun) {

    /** A queue of messages that need an operator. */
    public enum Source {
        /** The queue of failure messages. */
        FAILURES,
        /** The dead-letter queue of the events queue, whose messages have no reason. */
        DEAD
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if messages of the dead-letter queue are to be selected by reason
     */
    public RedriveOptions {
        if (source == Source.DEAD && !reasons.isEmpty()) {
            throw new IllegalArgumentException(
                    "Messages of the dead-letter queue have no reason. Leave out the reasons, or"
                            + " select messages by prefix or keys.");
        }
    }
}

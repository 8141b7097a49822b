// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.Duration;
import java.time.Instant;

/**
 * Selects the originals that a reconcile compares with their renditions, and limits the events that it sends for the gaps.
 *
 * @param prefix the start of the original keys, empty for all
 * @param changedAfter compares only originals that were stored at this time or later; null for all
 * @param changedBefore compares only originals that were stored before this time; null for all
 * @param minAge without {@code changedBefore}: leaves out originals that are younger at the start of the run, because their own events are
 *     on their way; null for none. A later run with the same age continues an earlier one, although its time is another
 * @param deep whether to look up each original in the table, not only doubtful ones
 * @param deleteOrphans whether to send events for renditions without an original, so that workers remove them
 * @param inventory the address of the manifest of an S3 Inventory of the originals bucket, or null to list the bucket
 * @param dryRun whether to find gaps only, and send no events
 * @param max the maximum number of events to send
 * @param eventsPerSecond the maximum rate of events
 * @param maxWaiting the number of messages on the events queue above which it sends no further events for a while
 * @param restart whether to ignore the position of an earlier run with the same options
 */
public record ReconcileOptions(
        String prefix,
        Instant changedAfter,
        Instant changedBefore,
        Duration minAge,
        boolean deep,
        boolean deleteOrphans,
        String inventory,
        boolean dryRun,
        long max,
        int eventsPerSecond,
        int maxWaiting,
        boolean restart) {

    /** Creates options without a minimum age. */
    public ReconcileOptions(
            String prefix,
            Instant changedAfter,
            Instant changedBefore,
            boolean deep,
            boolean deleteOrphans,
            String inventory,
            boolean dryRun,
            long max,
            int eventsPerSecond,
            int maxWaiting,
            boolean restart) {
        this(
                prefix,
                changedAfter,
                changedBefore,
                null,
                deep,
                deleteOrphans,
                inventory,
                dryRun,
                max,
                eventsPerSecond,
                maxWaiting,
                restart);
    }

    /** Returns the time from which originals are too young for a run with the given start; null if none is. */
    public Instant end(Instant start) {
        return changedBefore == null && minAge != null ? start.minus(minAge) : changedBefore;
    }
}

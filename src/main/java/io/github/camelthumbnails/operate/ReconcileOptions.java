// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.Instant;

/**
 * Says which originals a reconcile compares with their renditions, and what it may do about the gaps.
 *
 * @param prefix the start of the original keys, empty for all
 * @param changedAfter compares only originals that were stored at this time or later; null for all
 * @param changedBefore compares only originals that were stored before this time: younger ones have an event of their own
 * @param deep whether to ask the table about each original, and not only about those that look wrong
 * @param deleteOrphans whether to send events for renditions without an original, so that workers remove them
 * @param inventory where the manifest of an S3 Inventory of the originals bucket is, or null to list the bucket
 * @param dryRun whether to find gaps only, and send no events
 * @param max the maximum number of events to send
 * @param eventsPerSecond the maximum rate of events
 * @param maxWaiting the number of messages on the events queue above which it sends no further events for a while
 * @param restart whether to forget how far an earlier run with the same options came
 */
public record ReconcileOptions(
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
        boolean restart) {}

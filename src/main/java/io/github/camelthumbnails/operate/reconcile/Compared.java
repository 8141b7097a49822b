// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Instant;

/**
 * What two listings say about one key.
 *
 * @param key the key of the original, which may be missing
 * @param eTag the entity tag of the original without quotes, or null if there is no original
 * @param changedAt when the original was stored, or null if there is no original
 * @param look what the listings show
 */
public record Compared(String key, String eTag, Instant changedAt, Look look) {

    /** What the listings show. */
    public enum Look {
        /** All renditions are there and newer than the original. */
        COMPLETE,
        /** A rendition is missing. */
        MISSING,
        /** A rendition may be older than the original, or the listings cannot tell. */
        DOUBTFUL,
        /** There are renditions, but no original. */
        ORPHAN,
        /** The original was stored so recently that its own event may still be on its way. It is only counted. */
        YOUNG
    }
}

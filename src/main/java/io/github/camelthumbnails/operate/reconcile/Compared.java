// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Instant;

/**
 * The state of one key according to the listings of originals and renditions.
 *
 * @param key the key of the original, which may be missing
 * @param eTag the entity tag of the original without quotes, or null if there is no original
 * @param changedAt when the original was stored, or null if there is no original
 * @param look how the original and its renditions look in the listings
 */
public record Compared(String key, String eTag, Instant changedAt, Look look) {

    /** How an original and its renditions can look in the listings. */
    public enum Look {
        /** All renditions exist and are newer than the original. */
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

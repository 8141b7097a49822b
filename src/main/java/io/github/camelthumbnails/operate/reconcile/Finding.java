// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

/**
 * The result of a reconcile for one key, after the lookups in the tables.
 *
 * @param key the key of the original, which may be missing
 * @param eTag the entity tag of the original, or null if there is no original
 * @param kind the result
 */
record Finding(String key, String eTag, Kind kind) {

    /** The possible results for one key. */
    enum Kind {
        /** All renditions were made from the current original with the current settings. */
        COMPLETE("complete"),
        /** The original has no item, or lacks a rendition. */
        MISSING("missing"),
        /** The renditions were made from an older original or with other settings. */
        STALE("stale"),
        /** There are renditions, but no original. */
        ORPHAN("orphans"),
        /** A worker has reported that no renditions can be made from these bytes. */
        UNUSABLE("unusable"),
        /** The original was stored so recently that its own event may still be on its way. */
        YOUNG("young");

        private final String counter;

        Kind(String counter) {
            this.counter = counter;
        }

        /** Returns the name of the counter, which is also the kind of its examples. */
        String counter() {
            return counter;
        }
    }

    /** Returns whether an event can make the renditions complete. */
    boolean isGap() {
        return kind == Kind.MISSING || kind == Kind.STALE;
    }
}

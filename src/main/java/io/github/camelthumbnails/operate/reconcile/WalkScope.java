// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Instant;

/**
 * Says which originals are compared with their renditions, and how much the listings are trusted.
 *
 * @param prefix the start of the original keys, empty for all
 * @param changedAfter skips originals that were stored before this time; null for none
 * @param changedBefore originals that were stored at this time or later are young; null for none
 * @param verifiedUntil all renditions that were stored before this time are known to belong to the original of that time and to the
 *     present settings, because an earlier walk compared the originals before it ({@code changedBefore} of that walk or its start,
 *     whichever is earlier); null if nothing is known about any rendition
 * @param deep whether the listings are not trusted at all, so that no original looks complete
 * @param startAfter the position of the last page of an earlier walk, empty to start with the first key
 */
record WalkScope(
        String prefix,
        Instant changedAfter,
        Instant changedBefore,
        Instant verifiedUntil,
        boolean deep,
        String startAfter) {

    /** Returns whether an original is too old to be compared. */
    boolean isTooOld(Instant changedAt) {
        return changedAfter != null && changedAt.isBefore(changedAfter);
    }

    /** Returns whether an original or a rendition was stored so recently that the listings may not fit together. */
    boolean isYoung(Instant changedAt) {
        return changedBefore != null && !changedAt.isBefore(changedBefore);
    }
}

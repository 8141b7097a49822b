// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Instant;
import java.util.Map;

/**
 * The position of an unfinished run, at which another one can continue.
 *
 * @param startedAt when the first run started, which others have continued
 * @param page position of the last complete page, empty if there is none
 * @param after the last processed key on the page that follows, empty if there is none
 * @param counts the counters of the run
 * @param changedAfter the start of the run's window, or 1970 if there is none
 * @param verifies the time up to which the run verifies renditions if it finds no gap
 */
record RunPosition(
        Instant startedAt,
        String page,
        String after,
        Map<String, Long> counts,
        Instant changedAfter,
        Instant verifies) {

    /** Returns whether no key is processed. */
    boolean isAtStart() {
        return page.isEmpty() && after.isEmpty();
    }

    /** Returns whether a run with another start of its window can continue at this position, because its window starts no earlier. */
    boolean covers(Instant otherChangedAfter) {
        return !otherChangedAfter.isBefore(changedAfter);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Instant;
import java.util.Map;

/**
 * Says how far an unfinished run has come, so that another one can continue.
 *
 * @param startedAt when the first run started, which others have continued
 * @param page position of the last complete page, empty if there is none
 * @param after the last key that is done on the page that follows, empty if there is none
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

    /** Returns whether nothing is done. */
    boolean isAtStart() {
        return page.isEmpty() && after.isEmpty();
    }

    /** Returns whether a run with another start of its window would do again what is done, and nothing else. */
    boolean covers(Instant otherChangedAfter) {
        return !otherChangedAfter.isBefore(changedAfter);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Instant;
import java.util.Map;

/**
 * The findings of the last complete run over the whole bucket.
 *
 * @param endedAt when the run ended, or null if there was none
 * @param counts numbers of originals by the names of the counters, empty if there was no run
 */
public record LastFindings(Instant endedAt, Map<String, Long> counts) {

    /** Stands for the findings if there was no run. */
    public static final LastFindings NONE = new LastFindings(null, Map.of());
}

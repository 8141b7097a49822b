// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.util.List;
import java.util.Map;

/**
 * Counts failures and shows the newest of them.
 *
 * @param byReason number of failures by reason, the most frequent reason first
 * @param newest the newest failures, the newest first
 */
public record FailureSummary(Map<String, Long> byReason, List<FailedOriginal> newest) {

    /** Returns the number of all failures. */
    public long total() {
        return byReason.values().stream().mapToLong(Long::longValue).sum();
    }
}

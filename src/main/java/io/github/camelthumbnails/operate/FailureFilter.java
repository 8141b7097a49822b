// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.Instant;
import java.util.Set;

/**
 * Selects failures to list. A failure has to satisfy all conditions.
 *
 * @param reasons names of reasons, empty for all
 * @param prefix the start of the keys, empty for all
 * @param failedAfter the earliest time of the failure, or null
 * @param failedBefore the time before which it happened, or null
 */
public record FailureFilter(Set<String> reasons, String prefix, Instant failedAfter, Instant failedBefore) {}

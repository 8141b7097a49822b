// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.util.List;

/**
 * Lists some failures, in no particular order.
 *
 * @param failures the failures of this page, perhaps none
 * @param next the cursor of the next page, or null if this is the last one
 */
public record FailurePage(List<FailedOriginal> failures, String next) {}

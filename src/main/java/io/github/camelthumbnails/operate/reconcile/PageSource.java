// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.ReconcileOptions;
import java.time.Instant;

/** Opens the list of originals that a run goes through. */
@FunctionalInterface
interface PageSource {

    /**
     * Opens a list.
     *
     * @param verifiedUntil the time up to which all renditions are verified, or null
     * @param position the position of the last page that is done, empty to start with the first one
     */
    ComparedPages open(ReconcileOptions options, Instant verifiedUntil, String position);
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

/** Opens the list of originals that a run goes through. */
@FunctionalInterface
interface PageSource {

    /**
     * Opens a list.
     *
     * @param inventory where the manifest of an S3 Inventory is, or null to list the buckets
     */
    ComparedPages open(WalkScope scope, String inventory);
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

/** Opens the list of originals that a run goes through. */
@FunctionalInterface
interface PageSource {

    /**
     * Opens a list.
     *
     * @param inventory the address of the manifest of an S3 Inventory, or null to list the buckets
     */
    ComparedPages open(WalkScope scope, String inventory);
}

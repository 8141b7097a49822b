// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.rendition.Renditions;
import java.util.NoSuchElementException;
import software.amazon.awssdk.services.s3.S3Client;

/** Compares originals with their renditions by listing both buckets side by side. */
final class Walk implements ComparedPages {

    private Walk() {}

    /**
     * Starts a walk.
     *
     * @param s3 lists the buckets
     * @throws IllegalArgumentException if a bucket has no sorted listing
     */
    static Walk of(
            S3Client s3, String originalsBucket, String thumbnailsBucket, Renditions renditions, WalkScope scope) {
        return new Walk();
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

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An original or a rendition in a listing. Ordered like S3 listings: by the bytes of the key in UTF-8. Java's strings have another order,
 * in which emoji come before U+E000 to U+FFFF.
 *
 * @param key the key of the original
 * @param utf8 the same in UTF-8
 * @param eTag the entity tag without quotes, empty if unknown
 * @param changedAt when the object was stored
 * @param isFolder whether the object only stands for a folder, as the S3 console creates it: empty, and its key ends with a slash
 */
record ListedObject(String key, byte[] utf8, String eTag, Instant changedAt, boolean isFolder)
        implements Comparable<ListedObject> {

    /** Converts an object of a listing. In its key, {@code textLength} characters precede the key of the original. */
    static ListedObject of(S3Object object, int textLength) {
        String key = object.key().substring(textLength);
        String eTag = object.eTag() == null ? "" : object.eTag().replace("\"", "");
        boolean isEmpty = object.size() != null && object.size() == 0;
        return new ListedObject(
                key,
                utf8(key),
                eTag,
                object.lastModified(),
                isEmpty && object.key().endsWith("/"));
    }

    /** Returns the bytes of a key, by which S3 sorts it. */
    static byte[] utf8(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(ListedObject other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListedObject object && Arrays.equals(utf8, object.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }
}

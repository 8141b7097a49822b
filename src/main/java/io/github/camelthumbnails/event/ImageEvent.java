// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.time.Instant;

/**
 * What one record of an S3 event notification says: something happened to this key.
 *
 * @param name the event's name without {@code s3:}, such as {@code ObjectCreated:Put}
 * @param bucket the bucket's name
 * @param key the object key, decoded
 * @param eTag the entity tag at that time, or null: removals have none
 * @param versionId the object's version, or null in a bucket without versions
 * @param time when S3 saw it, or null
 */
public record ImageEvent(String name, String bucket, String key, String eTag, String versionId, Instant time) {

    /** Whether an object was written, by whatever means: put, post, copy or multipart upload. */
    public boolean created() {
        return name.startsWith("ObjectCreated:");
    }

    /** Whether an object was removed, by somebody or by a lifecycle rule. */
    public boolean removed() {
        return name.startsWith("ObjectRemoved:") || name.startsWith("LifecycleExpiration:");
    }
}

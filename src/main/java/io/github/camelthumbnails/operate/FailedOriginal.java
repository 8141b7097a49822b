// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.Instant;

/**
 * Describes an original whose thumbnail could not be created, as recorded in the failures table.
 *
 * @param key the object key
 * @param bucket the bucket
 * @param reason the name of a {@link io.github.camelthumbnails.failure.FailureReason}
 * @param error one line that explains the failure
 * @param eTag the entity tag of the bytes that failed, or null if unknown
 * @param failedAt when the thumbnail failed
 */
public record FailedOriginal(String key, String bucket, String reason, String error, String eTag, Instant failedAt) {}

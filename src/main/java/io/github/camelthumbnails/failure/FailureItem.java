// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The item of the failures table about one original: the failure message, for those who do not read the queue. */
public final class FailureItem {

    /** How long it is of interest. */
    private static final Duration KEPT = Duration.ofDays(30);

    private FailureItem() {}

    /**
     * Describes a failure. The partition key {@code name} is the original's key, so that it has the last one only.
     *
     * @param eTag of the object that failed, without which nobody could tell whether another one has come since: null if it has none
     * @param failedAt ISO 8601 UTC
     * @return attribute values by name; {@code expiresAt} in seconds since 1970, for DynamoDB to remove it then
     */
    public static Map<String, AttributeValue> of(
            @ExchangeProperty("objectKey") String objectKey,
            @ExchangeProperty("bucket") String bucket,
            @Header("reason") String reason,
            @Header("error") String error,
            @Header("eTag") String eTag,
            @Header("failedAt") String failedAt) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("name", AttributeValue.fromS(objectKey));
        item.put("bucket", AttributeValue.fromS(bucket));
        item.put("reason", AttributeValue.fromS(reason));
        item.put("error", AttributeValue.fromS(error));
        item.put("failedAt", AttributeValue.fromS(failedAt));
        item.put(
                "expiresAt", AttributeValue.fromN(Long.toString(expiry(failedAt).getEpochSecond())));
        if (eTag != null) {
            item.put("eTag", AttributeValue.fromS(eTag));
        }
        return item;
    }

    private static Instant expiry(String failedAt) {
        return Instant.parse(failedAt).plus(KEPT);
    }
}

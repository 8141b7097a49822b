// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.github.camelthumbnails.record.ThumbnailItem;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Looks up the status of many keys with few calls: one call to DynamoDB for up to {@value #MAX_KEYS} keys, and one call
 * to S3 for each key that has an item.
 */
public final class StatusLookup {

    /** Maximum number of keys per call. DynamoDB returns at most 100 items, and there are two tables. */
    static final int MAX_KEYS = 50;

    private final S3Client s3;
    private final DynamoDbClient dynamoDb;
    private final String originals;
    private final String thumbnailsTable;
    private final String failuresTable;
    private final KeyStatus keyStatus;

    /**
     * @param originals the bucket of the originals
     * @param thumbnailsTable the table of the thumbnails
     * @param failuresTable the table of the failures
     * @param keyStatus creates a status from the items
     */
    public StatusLookup(
            S3Client s3,
            DynamoDbClient dynamoDb,
            String originals,
            String thumbnailsTable,
            String failuresTable,
            KeyStatus keyStatus) {
        this.s3 = s3;
        this.dynamoDb = dynamoDb;
        this.originals = originals;
        this.thumbnailsTable = thumbnailsTable;
        this.failuresTable = failuresTable;
        this.keyStatus = keyStatus;
    }

    /** The items of one key in the two tables. A missing item is an empty map. */
    record Items(Map<String, AttributeValue> thumbnail, Map<String, AttributeValue> failure) {

        /** Returns whether there is no item, so that the status is pending without a look at S3. */
        boolean isEmpty() {
            return thumbnail.isEmpty() && failure.isEmpty();
        }
    }

    /**
     * Returns the items of several keys. Keys that a throttled DynamoDB has not processed are missing from the result.
     *
     * @param keys at most {@link #MAX_KEYS} object keys
     */
    Map<String, Items> items(Collection<String> keys) {
        KeysAndAttributes wanted = KeysAndAttributes.builder()
                .keys(keys.stream().map(ThumbnailItem::key).toList())
                .consistentRead(true)
                .build();
        BatchGetItemResponse found = dynamoDb.batchGetItem(
                request -> request.requestItems(Map.of(thumbnailsTable, wanted, failuresTable, wanted)));
        Map<String, Map<String, AttributeValue>> thumbnails = byKey(found, thumbnailsTable);
        Map<String, Map<String, AttributeValue>> failures = byKey(found, failuresTable);
        Map<String, Items> items = new HashMap<>();
        for (String key : keys) {
            items.put(key, new Items(thumbnails.getOrDefault(key, Map.of()), failures.getOrDefault(key, Map.of())));
        }
        found.unprocessedKeys().values().stream()
                .flatMap(unprocessed -> unprocessed.keys().stream())
                .forEach(key -> items.remove(key.get("name").s()));
        return items;
    }

    private static Map<String, Map<String, AttributeValue>> byKey(BatchGetItemResponse found, String table) {
        return found.responses().getOrDefault(table, List.of()).stream()
                .collect(Collectors.toMap(item -> item.get("name").s(), item -> item));
    }

    /**
     * Returns the status of a key, after reading the entity tag of the current original from S3.
     *
     * @param items the items of the key
     */
    JsonObject status(String key, Items items) {
        HeadObjectResponse original =
                s3.headObject(request -> request.bucket(originals).key(key));
        return keyStatus.describe(key, original, items.thumbnail, items.failure);
    }

    /**
     * Returns whether S3 reports that the original does not exist. Without the permission to list the bucket, that is a
     * 403.
     */
    boolean isAbsent(Throwable e) {
        return e instanceof S3Exception s3Exception
                && (s3Exception.statusCode() == 404 || s3Exception.statusCode() == 403);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.record;

import io.github.camelthumbnails.rendition.Rendition;
import io.github.camelthumbnails.rendition.Renditions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Builds the DynamoDB item that lists the renditions of an original, and the requests that write and delete it.
 *
 * <p>Each rendition in S3 is listed by the item, or has the key that the present settings give it, so that a later update or
 * removal can find it. To keep this true, all other renditions are deleted before the item is replaced or deleted.
 */
public final class ThumbnailItem {

    private final String table;
    private final String thumbnailBucket;
    private final Renditions renditions;

    /**
     * Creates a builder.
     *
     * @param table name of the table
     * @param thumbnailBucket bucket of the renditions
     * @param renditions the present settings
     */
    public ThumbnailItem(String table, String thumbnailBucket, Renditions renditions) {
        this.table = table;
        this.thumbnailBucket = thumbnailBucket;
        this.renditions = renditions;
    }

    /** Returns the primary key of the item of an original. */
    public static Map<String, AttributeValue> key(@ExchangeProperty("objectKey") String objectKey) {
        return Map.of("name", text(objectKey));
    }

    /**
     * Builds the request that writes the item of an original. Its partition key {@code name} is the key of the original, so
     * that the new item replaces the old one. Its condition keeps an old item that was made with other settings, because
     * that may list renditions that nobody would delete any more.
     *
     * <p>The attributes of the first rendition are those of the item itself. Sizes are in bytes, width and height in pixels of
     * the upright picture, times in ISO 8601 UTC.
     */
    public PutItemRequest put(
            @ExchangeProperty("objectKey") String objectKey,
            @ExchangeProperty("bucket") String bucket,
            @Variable("sourceETag") String sourceETag,
            @Variable("sourceSize") long sourceSize,
            @Variable("renditions") List<Rendition> made) {
        return PutItemRequest.builder()
                .tableName(table)
                .item(item(objectKey, bucket, sourceETag, sourceSize, made))
                .conditionExpression("attribute_not_exists(thumbnailKey) OR renditionsHash = :hash")
                .expressionAttributeValues(Map.of(":hash", text(renditions.hash())))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private Map<String, AttributeValue> item(
            String objectKey, String bucket, String sourceETag, long sourceSize, List<Rendition> made) {
        Map<String, AttributeValue> item = new HashMap<>(describe(made.get(0)));
        item.put("thumbnailKey", item.remove("key"));
        item.put("thumbnailBucket", text(thumbnailBucket));
        item.putAll(key(objectKey));
        item.put("bucket", text(bucket));
        item.put("sourceETag", text(withoutQuotes(sourceETag)));
        item.put("sourceSize", number(sourceSize));
        item.put("createdAt", text(now()));
        item.put("renditionsHash", text(renditions.hash()));
        Map<String, AttributeValue> all = new HashMap<>();
        made.forEach(rendition -> all.put(rendition.name(), AttributeValue.fromM(describe(rendition))));
        item.put("renditions", AttributeValue.fromM(all));
        return item;
    }

    private static Map<String, AttributeValue> describe(Rendition rendition) {
        return Map.of(
                "key", text(rendition.key()),
                "contentType", text(rendition.contentType()),
                "width", number(rendition.thumbnail().width()),
                "height", number(rendition.thumbnail().height()),
                "bytes", number(rendition.bytes().length));
    }

    private static String now() {
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
        return now.toString();
    }

    /**
     * Returns the keys of the renditions that an old item lists and the present settings do not make.
     *
     * @param failure contains the item that the condition of {@link #put} has kept
     */
    public List<String> obsoleteKeys(
            @ExchangeException ConditionalCheckFailedException failure,
            @ExchangeProperty("objectKey") String objectKey) {
        List<String> keys = new ArrayList<>(listedKeys(failure.item()));
        keys.removeAll(renditions.keys(objectKey).values());
        return keys;
    }

    /**
     * Builds the request that writes over an item which was made with other settings, after the obsolete renditions are
     * deleted. The new item lists the present renditions but has no {@code sourceETag}, so that it belongs to no original until
     * {@link #put} replaces it. The condition keeps an item that was written after the failure, because that may list obsolete
     * renditions that have been stored again.
     *
     * @param failure contains the item that the condition of {@link #put} has kept
     */
    public PutItemRequest claim(
            @ExchangeException ConditionalCheckFailedException failure,
            @ExchangeProperty("objectKey") String objectKey,
            @ExchangeProperty("bucket") String bucket,
            @Variable("sourceETag") String sourceETag,
            @Variable("sourceSize") long sourceSize,
            @Variable("renditions") List<Rendition> made) {
        Map<String, AttributeValue> item = item(objectKey, bucket, sourceETag, sourceSize, made);
        item.remove("sourceETag");
        PutItemRequest.Builder request =
                PutItemRequest.builder().tableName(table).item(item);
        AttributeValue createdAt = failure.item().get("createdAt");
        return createdAt == null
                ? request.conditionExpression("attribute_not_exists(createdAt)").build()
                : request.conditionExpression("createdAt = :createdAt")
                        .expressionAttributeValues(Map.of(":createdAt", createdAt))
                        .build();
    }

    /**
     * Builds the request that begins a removal. It removes only {@code sourceETag}, so that the item belongs to no original
     * any more, but its list of renditions is not lost if the worker crashes. The condition keeps an item that was made of the
     * bytes that failed now, because an earlier attempt or another worker with higher limits has succeeded.
     *
     * @param sourceETag the entity tag of the bytes that failed, or null if the original no longer exists
     */
    public UpdateItemRequest startRemoval(
            @ExchangeProperty("objectKey") String objectKey, @Variable("sourceETag") String sourceETag) {
        UpdateItemRequest.Builder request = UpdateItemRequest.builder()
                .tableName(table)
                .key(key(objectKey))
                .updateExpression("REMOVE sourceETag")
                .returnValues(ReturnValue.ALL_NEW);
        if (sourceETag != null) {
            request.conditionExpression("attribute_not_exists(sourceETag) OR sourceETag <> :failed")
                    .expressionAttributeValues(Map.of(":failed", text(withoutQuotes(sourceETag))));
        }
        return request.build();
    }

    /**
     * Returns the keys of all renditions that may exist: those that the item lists, and those that a worker may have stored
     * before it crashed.
     *
     * @param item the response to {@link #startRemoval}
     */
    public Set<String> keys(UpdateItemResponse item, @ExchangeProperty("objectKey") String objectKey) {
        Set<String> keys = new LinkedHashSet<>(renditions.keys(objectKey).values());
        keys.addAll(listedKeys(item.attributes()));
        return keys;
    }

    /** Builds the request that ends a removal. The condition keeps an item that was written meanwhile. */
    public DeleteItemRequest finishRemoval(@ExchangeProperty("objectKey") String objectKey) {
        return DeleteItemRequest.builder()
                .tableName(table)
                .key(key(objectKey))
                .conditionExpression("attribute_not_exists(sourceETag)")
                .build();
    }

    /** Returns the keys that an item lists. An item of an earlier version has no map of renditions. */
    private static Set<String> listedKeys(Map<String, AttributeValue> item) {
        Set<String> keys = new LinkedHashSet<>();
        if (item.containsKey("thumbnailKey")) {
            keys.add(item.get("thumbnailKey").s());
        }
        if (item.containsKey("renditions")) {
            item.get("renditions")
                    .m()
                    .values()
                    .forEach(rendition -> keys.add(rendition.m().get("key").s()));
        }
        return keys;
    }

    private static String withoutQuotes(String eTag) {
        return eTag.replace("\"", "");
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }
}

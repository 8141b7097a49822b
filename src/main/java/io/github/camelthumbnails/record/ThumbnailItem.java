// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.record;

import io.github.camelthumbnails.image.Thumbnail;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;

/** Builds the DynamoDB item that describes a thumbnail, and the request that deletes this item. */
public final class ThumbnailItem {

    private ThumbnailItem() {}

    /** Returns the primary key of the item of an original. */
    public static Map<String, AttributeValue> key(@ExchangeProperty("objectKey") String objectKey) {
        return Map.of("name", AttributeValue.fromS(objectKey));
    }

    /**
     * Builds the request that removes the item of an original. Its condition keeps an item of the same bytes that failed now,
     * because an earlier attempt or another worker with higher limits has succeeded.
     *
     * @param sourceETag the entity tag of the bytes that failed, or null if the original no longer exists
     */
    public static DeleteItemRequest removal(
            CamelContext context,
            @ExchangeProperty("objectKey") String objectKey,
            @Variable("sourceETag") String sourceETag) {
        DeleteItemRequest.Builder request = DeleteItemRequest.builder()
                .tableName(context.resolvePropertyPlaceholders("{{thumbnails.table}}"))
                .key(key(objectKey));
        if (sourceETag != null) {
            request.conditionExpression("attribute_not_exists(sourceETag) OR sourceETag <> :failed")
                    .expressionAttributeValues(Map.of(":failed", AttributeValue.fromS(sourceETag.replace("\"", ""))));
        }
        return request.build();
    }

    /**
     * Builds the item of a thumbnail. Its partition key {@code name} is the key of the original, so that the item of a new thumbnail
     * replaces the old one.
     *
     * @return attribute values by name: sizes in bytes, width and height of the upright picture in pixels, times in ISO 8601 UTC
     */
    public static Map<String, AttributeValue> of(
            @ExchangeProperty("objectKey") String objectKey,
            @ExchangeProperty("bucket") String bucket,
            @Variable("sourceETag") String sourceETag,
            @Variable("sourceSize") long sourceSize,
            @Variable("thumbnailBucket") String thumbnailBucket,
            @Variable("thumbnailKey") String thumbnailKey,
            @Variable("thumbnail") Thumbnail thumbnail) {
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
        return Map.ofEntries(
                Map.entry("name", AttributeValue.fromS(objectKey)),
                Map.entry("bucket", AttributeValue.fromS(bucket)),
                Map.entry("sourceETag", AttributeValue.fromS(sourceETag.replace("\"", ""))),
                Map.entry("sourceSize", AttributeValue.fromN(Long.toString(sourceSize))),
                Map.entry("thumbnailBucket", AttributeValue.fromS(thumbnailBucket)),
                Map.entry("thumbnailKey", AttributeValue.fromS(thumbnailKey)),
                Map.entry("contentType", AttributeValue.fromS(thumbnail.contentType())),
                Map.entry("width", AttributeValue.fromN(Integer.toString(thumbnail.width()))),
                Map.entry("height", AttributeValue.fromN(Integer.toString(thumbnail.height()))),
                Map.entry("bytes", AttributeValue.fromN(Integer.toString(thumbnail.bytes().length))),
                Map.entry("createdAt", AttributeValue.fromS(now.toString())));
    }
}

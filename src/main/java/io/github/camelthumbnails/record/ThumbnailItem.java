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

/** The table's item about one thumbnail. */
public final class ThumbnailItem {

    private ThumbnailItem() {}

    /** The primary key of an original's item. */
    public static Map<String, AttributeValue> key(@ExchangeProperty("objectKey") String objectKey) {
        return Map.of("name", AttributeValue.fromS(objectKey));
    }

    /**
     * Requests the removal of an original's item. The condition keeps an item that was made of the same bytes that have failed
     * now: an earlier try, or another worker with higher limits, has succeeded.
     *
     * @param sourceETag of the bytes that failed, or null if the original is gone
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
     * Describes a thumbnail. The partition key {@code name} is the original's key, so a new thumbnail's item replaces the old
     * one's.
     *
     * @return attribute values by name; sizes in bytes, sides in pixels of the upright picture, times in ISO 8601 UTC
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

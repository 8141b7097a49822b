// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The failures table: one item for each original without a thumbnail, a copy of its failure message. It answers status requests,
 * and it lets only one of several events about the same bytes send the message.
 *
 * <p>An event notes the failure before it sends the message ({@link #claim}) and marks the note afterwards
 * ({@link #markReported}). If the process dies in between, the event comes back and finds its own note, so that the message is
 * sent at least once; it is sent twice only if the process died between the message and the mark, or the mark failed.
 */
public final class FailureNotes {

    /** DynamoDB removes the item after this time. */
    private static final Duration RETENTION = Duration.ofDays(30);

    /** The same failure of the same bytes is reported again after this time, because then somebody probably processes the original again on purpose. */
    private static final Duration REPORT_INTERVAL = Duration.ofHours(1);

    /** A claim whose message was not sent within this time is free for other events: its own event may be lost. */
    private static final Duration CLAIM_AGE = Duration.ofMinutes(10);

    private static final String IS_NEW = "attribute_not_exists(#name) OR #reason <> :reason OR #failedAt < :anHourAgo"
            + " OR (attribute_not_exists(#reportedAt) AND (#eventId = :eventId OR #failedAt < :abandoned))";

    private static final Logger LOG = LoggerFactory.getLogger(FailureNotes.class);

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** @param table with the partition key {@code name} (S) */
    public FailureNotes(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * Notes a failure, unless another event has noted the same failure of the same bytes.
     *
     * @param eventId identifies the event through all its deliveries
     * @param eTag of the object that failed, or null if it is not known
     * @param failedAt ISO 8601 UTC
     * @param lastReceive whether the event will not be delivered again: it then sends the message even if DynamoDB fails
     * @return whether this event has to send the failure message
     * @throws BeingReportedException if another event has noted the failure but not yet sent the message
     */
    public boolean claim(
            @ExchangeProperty("eventId") String eventId,
            @ExchangeProperty("objectKey") String objectKey,
            @ExchangeProperty("bucket") String bucket,
            @Header("reason") String reason,
            @Header("error") String error,
            @Header("eTag") String eTag,
            @Header("failedAt") String failedAt,
            @ExchangeProperty("lastReceive") boolean lastReceive)
            throws BeingReportedException {
        Map<String, AttributeValue> item = new HashMap<>(Map.of(
                "name", AttributeValue.fromS(objectKey),
                "bucket", AttributeValue.fromS(bucket),
                "reason", AttributeValue.fromS(reason),
                "error", AttributeValue.fromS(error),
                "failedAt", AttributeValue.fromS(failedAt),
                "expiresAt",
                        AttributeValue.fromN(
                                Long.toString(later(failedAt, RETENTION).getEpochSecond())),
                "eventId", AttributeValue.fromS(eventId)));
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":reason", AttributeValue.fromS(reason),
                ":anHourAgo",
                        AttributeValue.fromS(
                                later(failedAt, REPORT_INTERVAL.negated()).toString()),
                ":abandoned",
                        AttributeValue.fromS(
                                later(failedAt, CLAIM_AGE.negated()).toString()),
                ":eventId", AttributeValue.fromS(eventId)));
        String otherBytes;
        if (eTag == null) {
            otherBytes = " OR attribute_exists(#eTag)";
        } else {
            item.put("eTag", AttributeValue.fromS(eTag));
            values.put(":eTag", AttributeValue.fromS(eTag));
            otherBytes = " OR attribute_not_exists(#eTag) OR #eTag <> :eTag";
        }
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(item)
                    .conditionExpression(IS_NEW + otherBytes)
                    .expressionAttributeNames(Map.of(
                            "#name", "name",
                            "#reason", "reason",
                            "#failedAt", "failedAt",
                            "#eventId", "eventId",
                            "#reportedAt", "reportedAt",
                            "#eTag", "eTag"))
                    .expressionAttributeValues(values)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return true;
        } catch (ConditionalCheckFailedException e) {
            if (e.item().containsKey("reportedAt")) {
                return false;
            }
            if (lastReceive) {
                return true;
            }
            throw new BeingReportedException(objectKey);
        } catch (SdkException e) {
            if (lastReceive) {
                LOG.warn("The failure of {} could not be noted in the table {}: {}", objectKey, table, e.getMessage());
                return true;
            }
            throw e;
        }
    }

    /**
     * Notes that the message of a claimed failure has been sent. If DynamoDB fails, the note stays as it is: to process the event
     * again would send the message again.
     */
    public void markReported(
            @ExchangeProperty("eventId") String eventId, @ExchangeProperty("objectKey") String objectKey) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(Map.of("name", AttributeValue.fromS(objectKey)))
                    .updateExpression("SET #reportedAt = :now")
                    .conditionExpression("#eventId = :eventId")
                    .expressionAttributeNames(Map.of("#reportedAt", "reportedAt", "#eventId", "eventId"))
                    .expressionAttributeValues(Map.of(
                            ":now", AttributeValue.fromS(Instant.now().toString()),
                            ":eventId", AttributeValue.fromS(eventId))));
        } catch (ConditionalCheckFailedException e) {
            // Another failure of the same key has replaced the note.
        } catch (SdkException e) {
            LOG.warn(
                    "The reported failure of {} could not be marked in the table {}: {}",
                    objectKey,
                    table,
                    e.getMessage());
        }
    }

    private static Instant later(String time, Duration duration) {
        return Instant.parse(time).plus(duration);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
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
 * Records failures in the failures table, with one item for each original whose thumbnail could not be created. The
 * item is a copy of the failure message, and status requests read it. The class also ensures that only one of several
 * events about the same bytes sends the failure message.
 *
 * <p>An event records the failure before it sends the message ({@link #claim}) and marks it as reported afterwards
 * ({@link #markReported}). If the process dies in between, SQS redelivers the event, which finds its own record and sends the
 * message. The message is thus sent at least once, and twice only if the process died before the mark or the mark failed.
 *
 * <p>An item that {@link NoteRemoval} has marked does not count: its original was gone, so this may be a new upload.
 */
public final class FailureNotes {

    /** Time after which DynamoDB removes an item. */
    private static final Duration RETENTION = Duration.ofDays(30);

    /** Time after which the same failure of the same bytes is reported again: by then, somebody probably retries it on purpose. */
    private static final Duration REPORT_INTERVAL = Duration.ofHours(1);

    /** Time after which another event may take over a claim whose message was not sent: its own event may be lost. */
    private static final Duration CLAIM_TIMEOUT = Duration.ofMinutes(10);

    private static final String MAY_REPORT =
            "attribute_not_exists(#name) OR #reason <> :reason OR #failedAt < :anHourAgo OR attribute_exists(#mark)"
                    + " OR (attribute_not_exists(#reportedAt) AND (#eventId = :eventId OR #failedAt < :abandoned))";

    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private static final Logger LOG = LoggerFactory.getLogger(FailureNotes.class);

    private final DynamoDbClient dynamoDb;
    private final String table;

    /**
     * Creates the bean for one table.
     *
     * @param table the table name; its partition key is {@code name} (S)
     */
    public FailureNotes(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * Records a failure, unless another event has already recorded the same failure of the same bytes.
     *
     * @param eventId identifies the event across redeliveries
     * @param eTag the entity tag of the object that failed, or null if unknown
     * @param failedAt the time in ISO 8601 UTC
     * @param lastReceive whether SQS will not redeliver the event; its message is then sent even if DynamoDB fails
     * @return whether this event must send the failure message
     * @throws BeingReportedException if another event has recorded the failure but not sent the message yet
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
                                Long.toString(plus(failedAt, RETENTION).getEpochSecond())),
                "eventId", AttributeValue.fromS(eventId)));
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":reason", AttributeValue.fromS(reason),
                ":anHourAgo",
                        AttributeValue.fromS(
                                plus(failedAt, REPORT_INTERVAL.negated()).toString()),
                ":abandoned",
                        AttributeValue.fromS(
                                plus(failedAt, CLAIM_TIMEOUT.negated()).toString()),
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
                    .conditionExpression(MAY_REPORT + otherBytes)
                    .expressionAttributeNames(Map.of(
                            "#name", "name",
                            "#reason", "reason",
                            "#failedAt", "failedAt",
                            "#eventId", "eventId",
                            "#reportedAt", "reportedAt",
                            "#eTag", "eTag",
                            "#mark", NoteRemoval.MARK))
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
                LOG.warn(
                        "The failure of {} could not be recorded in the table {}: {}",
                        objectKey,
                        table,
                        e.getMessage());
                return true;
            }
            throw e;
        }
    }

    /**
     * Marks a failure as reported after its message was sent. An error of DynamoDB is only logged, because retrying the event would
     * send the message again.
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
            // Another failure of the same key has replaced the item.
        } catch (SdkException e) {
            LOG.warn(
                    "The failure of {} could not be marked as reported in the table {}: {}",
                    objectKey,
                    table,
                    e.getMessage());
        }
    }

    /**
     * Deletes the record of a failure whose event is about to be sent again. Otherwise, the same failure would not be reported for an
     * hour. Keeps the record of a later failure, because that one has a message of its own.
     *
     * @param failedAt when the thumbnail failed, according to the failure message
     */
    public void forget(String objectKey, Instant failedAt) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(Map.of("name", AttributeValue.fromS(objectKey)))
                    .conditionExpression("attribute_exists(#reason) AND #failedAt <= :failedAt")
                    .expressionAttributeNames(Map.of("#reason", "reason", "#failedAt", "failedAt"))
                    .expressionAttributeValues(Map.of(":failedAt", AttributeValue.fromS(text(failedAt)))));
        } catch (ConditionalCheckFailedException e) {
            // There is no record, or one of a later failure.
        }
    }

    /** Formats a time like the attribute {@code failedAt}: with milliseconds, so that the order of the texts is that of the times. */
    public static String text(Instant time) {
        return MILLISECONDS.format(time);
    }

    private static Instant plus(String time, Duration duration) {
        return Instant.parse(time).plus(duration);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Lets the failures of unusable originals expire later. Only they tell that no renditions can be made of an original, so without them it
 * would look like a gap again, as long as it exists.
 */
final class FailureRenewal {

    /** As long as the failure itself was kept. */
    private static final Duration RETENTION = Duration.ofDays(30);

    /** Runs that are less than this apart write each item once or twice a month only. */
    private static final Duration MIN_LEFT = Duration.ofDays(15);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Clock clock;

    /** @param table name of the failures table */
    FailureRenewal(DynamoDbClient dynamoDb, String table, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
    }

    /**
     * Keeps a failure for another 30 days, if it expires within 15 days and is still the failure of the same bytes.
     *
     * @param failure the attributes {@code name}, {@code eTag}, {@code reason} and {@code expiresAt} of its item
     */
    void renew(Map<String, AttributeValue> failure) {
        Instant now = clock.instant();
        AttributeValue expiresAt = failure.get("expiresAt");
        if (expiresAt == null
                || Long.parseLong(expiresAt.n()) >= now.plus(MIN_LEFT).getEpochSecond()) {
            return;
        }
        String later = Long.toString(now.plus(RETENTION).getEpochSecond());
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(Map.of("name", failure.get("name")))
                    .updateExpression("SET #expiresAt = :later")
                    .conditionExpression("#eTag = :eTag AND #reason = :reason")
                    .expressionAttributeNames(Map.of("#expiresAt", "expiresAt", "#eTag", "eTag", "#reason", "reason"))
                    .expressionAttributeValues(Map.of(
                            ":later",
                            AttributeValue.fromN(later),
                            ":eTag",
                            failure.get("eTag"),
                            ":reason",
                            failure.get("reason"))));
        } catch (ConditionalCheckFailedException e) {
            // somebody has replaced or removed the original meanwhile, or retries it
        }
    }
}

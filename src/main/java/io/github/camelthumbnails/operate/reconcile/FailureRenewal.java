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
 * Extends the retention of the failures of unusable originals. Only its failure shows that an original is unusable: without it, the
 * original would look like a gap again.
 */
final class FailureRenewal {

    /** Time for which a failure is kept, the same as when it is recorded. */
    private static final Duration RETENTION = Duration.ofDays(30);

    /** Remaining time below which a failure is renewed, so that nightly runs write each item only once or twice a month. */
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
            // The original was replaced, removed or retried in the meantime.
        }
    }
}

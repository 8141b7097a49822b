// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Stores the position and the findings of a reconcile in the failures table, for later runs. The items have no {@code reason}, so that they
 * do not look like failures. They are updated and never replaced, because an original may have the same key, and its failure must not be
 * lost. DynamoDB removes them after 30 days. The position of a dry run is valid for one day only.
 */
public final class ReconcileState {

    /** Start of the names of all items. */
    static final String NAME = "camel-thumbnails-reconcile";

    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration RETENTION_OF_DRY_RUNS = Duration.ofDays(1);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Clock clock;

    /** @param table name of the failures table */
    public ReconcileState(DynamoDbClient dynamoDb, String table) {
        this(dynamoDb, table, Clock.systemUTC());
    }

    ReconcileState(DynamoDbClient dynamoDb, String table, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
    }

    /**
     * Returns the position of an unfinished run with the same options.
     *
     * @param run identifies the options
     */
    Optional<RunPosition> progress(String run) {
        Map<String, AttributeValue> item = read(NAME + "-" + run);
        if (!item.containsKey("page") || isExpired(item)) {
            return Optional.empty();
        }
        return Optional.of(new RunPosition(
                Instant.parse(item.get("startedAt").s()),
                item.get("page").s(),
                item.get("after").s(),
                counts(item),
                Instant.parse(item.get("changedAfter").s()),
                Instant.parse(item.get("verifies").s())));
    }

    /**
     * Saves the position of a run.
     *
     * @param dryRun whether it is a dry run, whose position expires sooner because its counts get old
     */
    void save(String run, RunPosition progress, boolean dryRun) {
        update(
                NAME + "-" + run,
                dryRun ? RETENTION_OF_DRY_RUNS : RETENTION,
                Map.of(
                        "startedAt", AttributeValue.fromS(progress.startedAt().toString()),
                        "page", AttributeValue.fromS(progress.page()),
                        "after", AttributeValue.fromS(progress.after()),
                        "counts", numbers(progress.counts()),
                        "changedAfter",
                                AttributeValue.fromS(progress.changedAfter().toString()),
                        "verifies", AttributeValue.fromS(progress.verifies().toString())));
    }

    /** Deletes the position of a run. */
    void forget(String run) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(name(NAME + "-" + run))
                    .conditionExpression("attribute_not_exists(#reason)")
                    .expressionAttributeNames(Map.of("#reason", "reason")));
        } catch (ConditionalCheckFailedException e) {
            removeProgress(run);
        }
    }

    /** Removes the position from an item that also holds the failure of an original with the same key. */
    private void removeProgress(String run) {
        dynamoDb.updateItem(request -> request.tableName(table)
                .key(name(NAME + "-" + run))
                .updateExpression("REMOVE #startedAt, #page, #after, #counts, #changedAfter, #verifies")
                .expressionAttributeNames(Map.of(
                        "#startedAt",
                        "startedAt",
                        "#page",
                        "page",
                        "#after",
                        "after",
                        "#counts",
                        "counts",
                        "#changedAfter",
                        "changedAfter",
                        "#verifies",
                        "verifies")));
    }

    /** Returns the findings of the last complete run over the whole bucket. */
    public LastFindings findings() {
        Map<String, AttributeValue> item = read(NAME);
        return item.containsKey("endedAt") && !isExpired(item)
                ? new LastFindings(Instant.parse(item.get("endedAt").s()), counts(item))
                : LastFindings.NONE;
    }

    /** Saves the findings of a complete run over the whole bucket. */
    void saveFindings(Map<String, Long> counts) {
        update(
                NAME,
                RETENTION,
                Map.of(
                        "endedAt", AttributeValue.fromS(clock.instant().toString()),
                        "counts", numbers(counts)));
    }

    /**
     * Returns the time up to which all renditions are verified with the given settings.
     *
     * @param renditionsHash the hash of the settings
     * @return null if nothing is verified
     */
    Instant verifiedUntil(String renditionsHash) {
        Map<String, AttributeValue> item = read(NAME);
        boolean sameSettings = item.containsKey("verifiedUntil")
                && renditionsHash.equals(item.get("renditionsHash").s());
        return sameSettings && !isExpired(item)
                ? Instant.parse(item.get("verifiedUntil").s())
                : null;
    }

    /** Saves that all renditions stored before a time are verified with the given settings. */
    void saveVerified(Instant until, String renditionsHash) {
        update(
                NAME,
                RETENTION,
                Map.of(
                        "verifiedUntil", AttributeValue.fromS(until.toString()),
                        "renditionsHash", AttributeValue.fromS(renditionsHash)));
    }

    private Map<String, AttributeValue> read(String name) {
        return dynamoDb.getItem(
                        request -> request.tableName(table).key(name(name)).consistentRead(true))
                .item();
    }

    /** Returns whether an item has expired. DynamoDB removes expired items up to a few days late. */
    private boolean isExpired(Map<String, AttributeValue> item) {
        return item.containsKey("expiresAt")
                && Long.parseLong(item.get("expiresAt").n()) < clock.instant().getEpochSecond();
    }

    private void update(String name, Duration retention, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> all = new TreeMap<>(attributes);
        long expiresAt = clock.instant().plus(retention).getEpochSecond();
        all.put("expiresAt", AttributeValue.fromN(Long.toString(expiresAt)));
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        all.forEach((attribute, value) -> {
            names.put("#" + attribute, attribute);
            values.put(":" + attribute, value);
        });
        dynamoDb.updateItem(request -> request.tableName(table)
                .key(name(name))
                .updateExpression(all.keySet().stream()
                        .map(attribute -> "#" + attribute + " = :" + attribute)
                        .collect(Collectors.joining(", ", "SET ", "")))
                .expressionAttributeNames(names)
                .expressionAttributeValues(values));
    }

    private static Map<String, AttributeValue> name(String name) {
        return Map.of("name", AttributeValue.fromS(name));
    }

    private static AttributeValue numbers(Map<String, Long> counts) {
        return AttributeValue.fromM(counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> AttributeValue.fromN(Long.toString(count.getValue())))));
    }

    private static Map<String, Long> counts(Map<String, AttributeValue> item) {
        return item.get("counts").m().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        count -> Long.valueOf(count.getValue().n())));
    }
}

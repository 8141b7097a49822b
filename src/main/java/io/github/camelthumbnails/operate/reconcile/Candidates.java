// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import io.github.camelthumbnails.record.ThumbnailItem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Looks up in the tables those keys whose state the listings do not show. Reads the thumbnails table only for doubtful originals and
 * those with a recorded failure, and the failures table only for originals that would get an event, so that most originals cost no read
 * at all. A recorded failure counts only if no item lists renditions of the same bytes, because a later success does not delete it.
 */
final class Candidates {

    /** Maximum number of keys that DynamoDB accepts in one request. */
    static final int MAX_KEYS = 100;

    /** Maximum number of requests in a row that return nothing because the table is throttled: about a minute. */
    private static final int MAX_ATTEMPTS = 12;

    private final DynamoDbClient dynamoDb;
    private final String thumbnailsTable;
    private final String failuresTable;
    private final String renditionsHash;
    private final Pause pause;
    private final FailureRenewal renewal;

    /**
     * @param renditionsHash the hash of the present settings, which items of complete originals have
     * @param pause waits before keys that DynamoDB has not processed are requested again
     */
    Candidates(
            DynamoDbClient dynamoDb, String thumbnailsTable, String failuresTable, String renditionsHash, Pause pause) {
        this.dynamoDb = dynamoDb;
        this.thumbnailsTable = thumbnailsTable;
        this.failuresTable = failuresTable;
        this.renditionsHash = renditionsHash;
        this.pause = pause;
        this.renewal = new FailureRenewal(dynamoDb, failuresTable, Clock.systemUTC());
    }

    /**
     * Returns a finding for each key, in the same order.
     *
     * @param requests receives the number of requests to DynamoDB
     */
    List<Finding> judge(List<Compared> keys, IntConsumer requests) {
        Map<String, Map<String, AttributeValue>> items = read(
                thumbnailsTable,
                List.of("sourceETag", "renditionsHash"),
                keys.stream().filter(key -> key.look() == Look.DOUBTFUL).map(Compared::key),
                requests);
        List<Finding> findings =
                keys.stream().map(key -> find(key, items.get(key.key()))).toList();
        Map<String, Map<String, AttributeValue>> failures = read(
                failuresTable,
                List.of("eTag", "reason", "expiresAt"),
                findings.stream().filter(Finding::isGap).map(Finding::key),
                requests);
        Set<String> reported = findings.stream()
                .filter(finding -> finding.isGap() && isPictureAtFault(finding, failures.get(finding.key())))
                .map(Finding::key)
                .collect(Collectors.toSet());
        // Items of keys that only the listing has judged. An item of these bytes says that a worker could use them
        // later.
        items.putAll(read(
                thumbnailsTable,
                List.of("sourceETag"),
                reported.stream().filter(key -> !items.containsKey(key)),
                requests));
        return findings.stream()
                .map(finding -> {
                    if (!reported.contains(finding.key()) || isOfItem(finding, items.get(finding.key()))) {
                        return finding;
                    }
                    renewal.renew(failures.get(finding.key()));
                    return new Finding(finding.key(), finding.eTag(), Finding.Kind.UNUSABLE);
                })
                .toList();
    }

    private Finding find(Compared compared, Map<String, AttributeValue> item) {
        Finding.Kind kind =
                switch (compared.look()) {
                    case COMPLETE -> Finding.Kind.COMPLETE;
                    case MISSING -> Finding.Kind.MISSING;
                    case ORPHAN -> Finding.Kind.ORPHAN;
                    case YOUNG -> Finding.Kind.YOUNG;
                    case DOUBTFUL -> judge(compared, item);
                };
        return new Finding(compared.key(), compared.eTag(), kind);
    }

    private Finding.Kind judge(Compared compared, Map<String, AttributeValue> item) {
        if (item == null) {
            return Finding.Kind.MISSING;
        }
        boolean current =
                compared.eTag().equals(text(item, "sourceETag")) && renditionsHash.equals(text(item, "renditionsHash"));
        return current ? Finding.Kind.COMPLETE : Finding.Kind.STALE;
    }

    /** Returns whether an item lists renditions of these bytes. */
    private static boolean isOfItem(Finding finding, Map<String, AttributeValue> item) {
        return item != null && finding.eTag().equals(text(item, "sourceETag"));
    }

    /** Returns whether a worker has reported a failure of these bytes that is caused by the picture itself. */
    private static boolean isPictureAtFault(Finding finding, Map<String, AttributeValue> failure) {
        if (failure == null || !finding.eTag().equals(text(failure, "eTag"))) {
            return false;
        }
        String reason = text(failure, "reason");
        return Stream.of(FailureReason.values())
                .anyMatch(known -> known.name().equals(reason) && known.isPictureAtFault());
    }

    private static String text(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null || value.s() == null ? null : value.s().replace("\"", "");
    }

    /** Reads some attributes of the items of some keys. Keys without an item are missing from the result. */
    private Map<String, Map<String, AttributeValue>> read(
            String table, List<String> attributes, Stream<String> keys, IntConsumer requests) {
        List<Map<String, AttributeValue>> names =
                keys.distinct().map(ThumbnailItem::key).toList();
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        for (int first = 0; first < names.size(); first += MAX_KEYS) {
            read(table, attributes, names.subList(first, Math.min(names.size(), first + MAX_KEYS)), requests)
                    .forEach(item -> items.put(item.get("name").s(), item));
        }
        return items;
    }

    private Collection<Map<String, AttributeValue>> read(
            String table, List<String> attributes, List<Map<String, AttributeValue>> keys, IntConsumer requests) {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        List<Map<String, AttributeValue>> open = keys;
        Map<String, String> names = Stream.concat(Stream.of("name"), attributes.stream())
                .collect(Collectors.toMap(name -> "#" + name, name -> name));
        int attempt = 1;
        while (!open.isEmpty()) {
            if (attempt > MAX_ATTEMPTS) {
                throw new IllegalStateException("DynamoDB throttles reads of the table " + table
                        + ". Run the command again later: it continues where it has stopped.");
            }
            pause.beforeAttempt(attempt);
            KeysAndAttributes wanted = KeysAndAttributes.builder()
                    .keys(open)
                    .projectionExpression("#name, #" + String.join(", #", attributes))
                    .expressionAttributeNames(names)
                    .build();
            BatchGetItemResponse response =
                    dynamoDb.batchGetItem(request -> request.requestItems(Map.of(table, wanted)));
            requests.accept(1);
            List<Map<String, AttributeValue>> items = response.responses().getOrDefault(table, List.of());
            found.addAll(items);
            KeysAndAttributes left = response.unprocessedKeys().get(table);
            open = left == null ? List.of() : left.keys();
            attempt = items.isEmpty() ? attempt + 1 : 2;
        }
        return found;
    }
}

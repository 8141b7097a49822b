// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.FailureNotes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Lists the originals whose thumbnails could not be created. Reads the failures table, so that no message is received. The reads are
 * eventually consistent, which costs half: a failure of the last second may be missing.
 */
public final class Failures {

    /** Number of items that a request for a page reads. The filter is likely to select only a fraction of them. */
    private static final int ITEMS_PER_REQUEST = 1000;

    /** Maximum number of requests for one page, so that a caller who looks for a rare failure sees progress. */
    private static final int REQUESTS_PER_PAGE = 10;

    private static final int MAX_KEY_BYTES = 1024;

    private static final Comparator<FailedOriginal> OLDEST_FIRST = Comparator.comparing(FailedOriginal::failedAt);

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** @param table name of the failures table */
    public Failures(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * Counts all failures that a filter selects. Reads the whole table, and needs memory only for the newest ones.
     *
     * @param newest maximum number of failures to show
     */
    public FailureSummary summarize(FailureFilter filter, int newest) {
        Map<String, Long> counts = new HashMap<>();
        PriorityQueue<FailedOriginal> shown = new PriorityQueue<>(OLDEST_FIRST);
        for (Map<String, AttributeValue> item :
                dynamoDb.scanPaginator(scan(filter).build()).items()) {
            FailedOriginal failure = failure(item);
            counts.merge(failure.reason(), 1L, Long::sum);
            shown.add(failure);
            if (shown.size() > newest) {
                shown.remove();
            }
        }
        Map<String, Long> byReason = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
        return new FailureSummary(
                byReason, shown.stream().sorted(OLDEST_FIRST.reversed()).toList());
    }

    /**
     * Lists one page of the failures that a filter selects. A page may be empty although another one follows.
     *
     * @param limit maximum number of failures on the page
     * @param cursor the cursor of an earlier page, or null for the first one
     * @throws IllegalArgumentException if the cursor is invalid
     */
    public FailurePage page(FailureFilter filter, int limit, String cursor) {
        List<FailedOriginal> failures = new ArrayList<>();
        String last = cursor == null ? null : decode(cursor);
        for (int requests = 0; requests < REQUESTS_PER_PAGE; requests++) {
            ScanRequest.Builder request = scan(filter).limit(ITEMS_PER_REQUEST);
            if (last != null) {
                request.exclusiveStartKey(Map.of("name", AttributeValue.fromS(last)));
            }
            ScanResponse response = dynamoDb.scan(request.build());
            Iterator<Map<String, AttributeValue>> items = response.items().iterator();
            while (items.hasNext() && failures.size() < limit) {
                failures.add(failure(items.next()));
            }
            if (items.hasNext()) {
                return new FailurePage(
                        failures, encode(failures.get(failures.size() - 1).key()));
            }
            if (!response.hasLastEvaluatedKey()) {
                return new FailurePage(failures, null);
            }
            last = response.lastEvaluatedKey().get("name").s();
            if (failures.size() >= limit) {
                break;
            }
        }
        return new FailurePage(failures, encode(last));
    }

    /** Builds a request that leaves out expired items, which DynamoDB removes late, and items that are not failures. */
    private ScanRequest.Builder scan(FailureFilter filter) {
        List<String> conditions = new ArrayList<>();
        Map<String, AttributeValue> values = new HashMap<>();
        conditions.add("attribute_type(#reason, :string)");
        values.put(":string", AttributeValue.fromS("S"));
        conditions.add("(attribute_not_exists(#expiresAt) OR #expiresAt > :now)");
        values.put(":now", AttributeValue.fromN(Long.toString(Instant.now().getEpochSecond())));
        if (!filter.reasons().isEmpty()) {
            List<String> names = new ArrayList<>();
            for (String reason : filter.reasons()) {
                names.add(":reason" + names.size());
                values.put(names.get(names.size() - 1), AttributeValue.fromS(reason));
            }
            conditions.add("#reason IN (" + String.join(", ", names) + ")");
        }
        if (!filter.prefix().isEmpty()) {
            conditions.add("begins_with(#name, :prefix)");
            values.put(":prefix", AttributeValue.fromS(filter.prefix()));
        }
        if (filter.failedAfter() != null) {
            conditions.add("#failedAt >= :after");
            values.put(":after", AttributeValue.fromS(FailureNotes.text(filter.failedAfter())));
        }
        if (filter.failedBefore() != null) {
            conditions.add("#failedAt < :before");
            values.put(":before", AttributeValue.fromS(FailureNotes.text(filter.failedBefore())));
        }
        return ScanRequest.builder()
                .tableName(table)
                .filterExpression(String.join(" AND ", conditions))
                .projectionExpression("#name, #bucket, #reason, #error, #eTag, #failedAt")
                .expressionAttributeNames(Map.of(
                        "#name", "name",
                        "#bucket", "bucket",
                        "#reason", "reason",
                        "#error", "error",
                        "#eTag", "eTag",
                        "#failedAt", "failedAt",
                        "#expiresAt", "expiresAt"))
                .expressionAttributeValues(values);
    }

    private static FailedOriginal failure(Map<String, AttributeValue> item) {
        return new FailedOriginal(
                text(item, "name"),
                text(item, "bucket"),
                text(item, "reason"),
                text(item, "error"),
                text(item, "eTag"),
                time(text(item, "failedAt")));
    }

    private static String text(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null ? null : value.s();
    }

    /** Parses a time that the worker has written. An item that somebody else has written counts as very old. */
    private static Instant time(String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** Encodes the key of the last item that was read. The first character is the version of the format. */
    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("1" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.length() > 1 && text.startsWith("1") && bytes.length <= MAX_KEY_BYTES + 1) {
                return text.substring(1);
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // The message below says what to do.
        }
        throw new IllegalArgumentException("The cursor is invalid. Use the value of next from the previous page,"
                + " or leave the cursor out to start with the first page.");
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Keeps tables in memory, and answers the requests that a reconcile sends. */
final class MemoryTables implements DynamoDbClient {

    /** Items by table and name. */
    final Map<String, Map<String, Map<String, AttributeValue>>> tables = new HashMap<>();

    final List<BatchGetItemRequest> reads = new ArrayList<>();

    /** Number of updates, those that were refused included. */
    int updates;

    /** Is called before each update, unless null. */
    Runnable beforeUpdate;

    /** Maximum number of keys that a request processes. */
    int processed = Integer.MAX_VALUE;

    /** Adds an item of texts: names and values by turns. */
    void put(String table, String name, String... attributes) {
        Map<String, AttributeValue> item = new HashMap<>(Map.of("name", AttributeValue.fromS(name)));
        for (int i = 0; i < attributes.length; i += 2) {
            item.put(attributes[i], AttributeValue.fromS(attributes[i + 1]));
        }
        table(table).put(name, item);
    }

    /** Returns an item, empty if there is none. */
    Map<String, AttributeValue> item(String table, String name) {
        return table(table).getOrDefault(name, Map.of());
    }

    Map<String, Map<String, AttributeValue>> table(String table) {
        return tables.computeIfAbsent(table, any -> new TreeMap<>());
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        reads.add(request);
        Map<String, List<Map<String, AttributeValue>>> found = new HashMap<>();
        Map<String, KeysAndAttributes> unprocessed = new HashMap<>();
        request.requestItems().forEach((table, wanted) -> {
            int end = Math.min(processed, wanted.keys().size());
            found.put(
                    table,
                    wanted.keys().subList(0, end).stream()
                            .map(key -> item(table, key.get("name").s()))
                            .filter(item -> !item.isEmpty())
                            .toList());
            if (end < wanted.keys().size()) {
                unprocessed.put(
                        table,
                        wanted.toBuilder()
                                .keys(wanted.keys().subList(end, wanted.keys().size()))
                                .build());
            }
        });
        return BatchGetItemResponse.builder()
                .responses(found)
                .unprocessedKeys(unprocessed)
                .build();
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return GetItemResponse.builder()
                .item(item(request.tableName(), request.key().get("name").s()))
                .build();
    }

    /** Understands {@code SET #a = :a, #b = :b} and {@code REMOVE #a, #b}, and the condition {@code #a = :a AND #b = :b}. */
    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        updates++;
        if (beforeUpdate != null) {
            beforeUpdate.run();
        }
        if (request.conditionExpression() != null) {
            Map<String, AttributeValue> present =
                    item(request.tableName(), request.key().get("name").s());
            for (String part : request.conditionExpression().split(" AND ")) {
                String[] sides = part.split(" = ");
                if (!request.expressionAttributeValues()
                        .get(sides[1])
                        .equals(present.get(request.expressionAttributeNames().get(sides[0])))) {
                    throw ConditionalCheckFailedException.builder().build();
                }
            }
        }
        Map<String, AttributeValue> item = table(request.tableName())
                .computeIfAbsent(request.key().get("name").s(), name -> new HashMap<>(request.key()));
        String[] words = request.updateExpression().split(" ", 2);
        for (String part : words[1].split(", ")) {
            String[] sides = part.split(" = ");
            String attribute = request.expressionAttributeNames().get(sides[0]);
            if (words[0].equals("SET")) {
                item.put(attribute, request.expressionAttributeValues().get(sides[1]));
            } else {
                item.remove(attribute);
            }
        }
        return UpdateItemResponse.builder().build();
    }

    /** Understands the condition that there is no reason. */
    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        String name = request.key().get("name").s();
        if (item(request.tableName(), name).containsKey("reason")) {
            throw ConditionalCheckFailedException.builder().build();
        }
        table(request.tableName()).remove(name);
        return DeleteItemResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}

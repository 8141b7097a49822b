// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.localaws.PlantedGaps.Gap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers DynamoDB requests with computed items. Keeps updated items until they are deleted, but ignores all conditions. */
final class ComputedTables {

    private final PlantedGaps gaps;
    private final String renditionsHash;
    private final String text;
    private final Map<String, JsonObject> written = new ConcurrentHashMap<>();

    ComputedTables(PlantedGaps gaps, String renditionsHash, String text) {
        this.gaps = gaps;
        this.renditionsHash = renditionsHash;
        this.text = text;
    }

    /** Returns the answer to a request, or null if the operation is unknown. */
    JsonObject answer(String operation, JsonObject request) {
        return switch (operation) {
            case "BatchGetItem" -> batch(request.getJsonObject("RequestItems"));
            case "GetItem" -> {
                JsonObject item = item(request.getString("TableName"), request.getJsonObject("Key"));
                yield item == null ? new JsonObject() : new JsonObject().put("Item", item);
            }
            case "UpdateItem" -> {
                update(request);
                yield new JsonObject();
            }
            case "DeleteItem" -> {
                written.remove(name(request.getString("TableName"), request.getJsonObject("Key")));
                yield new JsonObject();
            }
            default -> null;
        };
    }

    private JsonObject batch(JsonObject tables) {
        JsonObject responses = new JsonObject();
        for (String table : tables.fieldNames()) {
            JsonArray items = new JsonArray();
            for (Object key : tables.getJsonObject(table).getJsonArray("Keys")) {
                JsonObject item = item(table, (JsonObject) key);
                if (item != null) {
                    items.add(item);
                }
            }
            responses.put(table, items);
        }
        return new JsonObject().put("Responses", responses).put("UnprocessedKeys", new JsonObject());
    }

    private static String name(String table, JsonObject key) {
        return table + "/" + key.getJsonObject("name").getString("S");
    }

    private JsonObject item(String table, JsonObject key) {
        String name = key.getJsonObject("name").getString("S");
        JsonObject known = written.get(name(table, key));
        int index = gaps.index(name);
        if (known != null || index < 0) {
            return known;
        }
        Gap gap = gaps.gap(index);
        if (table.equals("failures")) {
            return gap == Gap.UNUSABLE
                    ? new JsonObject()
                            .put("name", string(name))
                            .put("eTag", string(gaps.eTag(index)))
                            .put("reason", string("CorruptImage"))
                            .put("failedAt", string("2025-01-01T00:00:10Z"))
                    : null;
        }
        return gaps.hasRendition(index)
                ? new JsonObject()
                        .put("name", string(name))
                        .put("thumbnailKey", string(text + name))
                        .put("thumbnailBucket", string("thumbnails"))
                        .put("sourceETag", string(gaps.sourceETag(index)))
                        .put("renditionsHash", string(gap == Gap.OUTDATED ? "0123456789abcdef" : renditionsHash))
                : null;
    }

    private static JsonObject string(String value) {
        return new JsonObject().put("S", value);
    }

    /** Supports {@code SET name = :value, ...} and {@code REMOVE name, ...}, with or without placeholders for names. */
    private void update(JsonObject request) {
        String table = request.getString("TableName");
        JsonObject key = request.getJsonObject("Key");
        JsonObject old = item(table, key);
        JsonObject item = old == null ? key.copy() : old.copy();
        JsonObject names = request.getJsonObject("ExpressionAttributeNames", new JsonObject());
        JsonObject values = request.getJsonObject("ExpressionAttributeValues", new JsonObject());
        String expression = request.getString("UpdateExpression", "");
        for (String clause : expression.split("(?=\\b(?:SET|REMOVE)\\b)")) {
            for (String action : clause.replaceFirst("^(SET|REMOVE)", "").split(",")) {
                String[] parts = action.strip().split("\\s*=\\s*");
                String name = names.getString(parts[0], parts[0]);
                if (clause.startsWith("SET")) {
                    item.put(name, values.getValue(parts[1]));
                } else {
                    item.remove(name);
                }
            }
        }
        written.put(name(table, key), item);
    }
}

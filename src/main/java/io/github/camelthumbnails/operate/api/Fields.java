// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.api;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads named values of a request, and explains what is wrong with them. */
final class Fields {

    private final Map<String, Object> values;
    private final boolean areParameters;

    private Fields(Map<String, Object> values, boolean areParameters) {
        this.values = values;
        this.areParameters = areParameters;
    }

    static Fields fromJson(JsonObject json) {
        return new Fields(json.getMap(), false);
    }

    /** Creates fields from query parameters. Their text can also be read as a number or as a comma-separated list. */
    static Fields fromParameters(Map<String, String> parameters) {
        return new Fields(Map.copyOf(parameters), true);
    }

    /** Rejects fields with other names. */
    void allowOnly(Set<String> names) throws RequestRefusedException {
        for (String name : values.keySet()) {
            if (!names.contains(name)) {
                throw RequestRefusedException.badRequest(
                        "There is no field " + name + ". Use " + String.join(", ", new TreeSet<>(names)) + ".");
            }
        }
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    /** Returns a text, or the default if it is missing. */
    String text(String name, String absent) throws RequestRefusedException {
        Object value = values.get(name);
        if (value == null || value instanceof String) {
            return value == null ? absent : (String) value;
        }
        throw RequestRefusedException.badRequest(name + " is not a text. Send it in quotes.");
    }

    /** Returns a flag, which is false if it is missing. */
    boolean flag(String name) throws RequestRefusedException {
        Object value = values.get(name);
        if (value == null || value instanceof Boolean) {
            return value != null && (Boolean) value;
        }
        throw RequestRefusedException.badRequest(name + " is not a flag. Send true or false.");
    }

    /** Returns a whole number, or the default if it is missing. */
    long number(String name, long absent, long min, long max) throws RequestRefusedException {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        // Larger numbers and fractions are not of the type Long.
        if (value instanceof Integer
                || value instanceof Long
                || areParameters && value.toString().matches("\\d{1,18}")) {
            long number = Long.parseLong(value.toString());
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw RequestRefusedException.badRequest(
                name + " is not valid. Send a whole number from " + min + " to " + max + ".");
    }

    /** Returns a list of texts, or null if it is missing. A list in JSON is rejected if it is empty. */
    List<String> texts(String name) throws RequestRefusedException {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (areParameters) {
            return List.of(value.toString().split(","));
        }
        List<String> texts = new ArrayList<>();
        for (Object one : value instanceof JsonArray array
                ? array.getList()
                : value instanceof List<?> list ? list : List.of(0)) {
            if (!(one instanceof String text)) {
                throw RequestRefusedException.badRequest(name + " is not a list of texts. Send for example [\"a\"].");
            }
            texts.add(text);
        }
        if (texts.isEmpty()) {
            throw RequestRefusedException.badRequest(name + " is empty. Send at least one, or leave it out.");
        }
        return texts;
    }
}

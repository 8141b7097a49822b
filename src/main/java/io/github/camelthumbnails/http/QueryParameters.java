// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the query parameters of a request. The parser of Vert.x also splits at semicolons and adds path parameters, so
 * it would find parameters that {@link RequestRules} has not checked.
 */
public final class QueryParameters {

    private QueryParameters() {}

    /**
     * Returns the values of the query parameters by name, in the order of the query. A parameter without a value maps
     * to an empty string.
     *
     * @throws RequestRefusedException if a parameter has two different values, or the query is not percent-encoded
     */
    public static Map<String, String> of(HttpServerRequest request) throws RequestRefusedException {
        String query = request.query();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            if (parameter.isEmpty()) {
                continue;
            }
            String[] parts = parameter.split("=", 2);
            String name = decode(parts[0]);
            String value = parts.length == 1 ? "" : decode(parts[1]);
            String previous = parameters.put(name, value);
            if (previous != null && !previous.equals(value)) {
                throw RequestRefusedException.badRequest(
                        "The query parameter " + name + " has several values. Send it once.");
            }
        }
        return parameters;
    }

    private static String decode(String encoded) throws RequestRefusedException {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.badRequest("The query string is not percent-encoded. Encode or remove it.");
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Requires a valid API key in the header {@code x-api-key}, unless the settings turn this off. Amazon API Gateway uses
 * the same header.
 */
public final class ApiKey implements Processor {

    private static final String HEADER = "x-api-key";

    private final boolean required;
    private final List<byte[]> hashes;

    /**
     * @param required whether requests need a key
     * @param keys the valid keys; several allow a key to be replaced without downtime
     */
    public ApiKey(boolean required, List<String> keys) {
        this.required = required;
        this.hashes = keys.stream().map(ApiKey::hash).toList();
    }

    /**
     * Checks the API key of the request in the exchange property {@code request}.
     *
     * @throws RequestRefusedException if the key is missing or not valid
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        HttpServerRequest request = exchange.getProperty("request", HttpServerRequest.class);
        if (required && !isValid(request.getHeader(HEADER))) {
            throw RequestRefusedException.unauthorized(
                    "The API key is missing or not valid. Send a valid key in the header " + HEADER + ".");
        }
    }

    /**
     * Returns whether the key is valid. The comparison takes constant time, so that its duration reveals nothing about
     * the keys.
     */
    boolean isValid(String key) {
        byte[] hash = hash(key == null ? "" : key);
        boolean valid = false;
        for (byte[] known : hashes) {
            valid |= MessageDigest.isEqual(known, hash);
        }
        return valid && key != null;
    }

    /** Returns a hash of fixed length, so that the comparison does not reveal the length of a key. */
    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK supports SHA-256
        }
    }
}

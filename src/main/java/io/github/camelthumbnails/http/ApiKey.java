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

/** Lets only those in who send one of the keys in the header {@code x-api-key}, as Amazon API Gateway does. */
public final class ApiKey implements Processor {

    private static final String HEADER = "x-api-key";

    private final boolean required;
    private final List<byte[]> hashes;

    /**
     * @param required whether a key is asked for at all
     * @param keys that are valid, so that one can be replaced by another without a gap
     */
    public ApiKey(boolean required, List<String> keys) {
        this.required = required;
        this.hashes = keys.stream().map(ApiKey::hash).toList();
    }

    /**
     * Looks at the request, which is the exchange property {@code request}.
     *
     * @throws RequestRefusedException if its key is missing or not one of the valid ones
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        HttpServerRequest request = exchange.getProperty("request", HttpServerRequest.class);
        if (required && !isValid(request.getHeader(HEADER))) {
            throw RequestRefusedException.unauthorized("Send a valid key in the header " + HEADER);
        }
    }

    /** Takes the same time however much of a key is right, and whichever it is. */
    boolean isValid(String key) {
        byte[] hash = hash(key == null ? "" : key);
        boolean valid = false;
        for (byte[] known : hashes) {
            valid |= MessageDigest.isEqual(known, hash);
        }
        return valid && key != null;
    }

    /** Of one length, whatever the key's: else the comparison would tell it. */
    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}

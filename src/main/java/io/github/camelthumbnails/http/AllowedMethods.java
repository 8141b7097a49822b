// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.apache.camel.ExchangeProperty;

/** Rejects a request with 405 and lists the allowed methods: GET, HEAD and PUT. */
public final class AllowedMethods {

    private AllowedMethods() {}

    /**
     * Lists the allowed methods in the response. The header is set on the response itself, because the error handling removes all headers
     * of the message.
     *
     * @throws RequestRefusedException always
     */
    public static void reject(@ExchangeProperty("request") HttpServerRequest request) throws RequestRefusedException {
        request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD, PUT");
        throw RequestRefusedException.of(405, "This method is not supported. Use PUT to upload, GET or HEAD to read.");
    }
}

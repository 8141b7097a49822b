// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Adds security headers to every response. They are set on the HTTP response itself, because the routes remove all
 * message headers.
 */
public final class SecurityHeaders implements Processor {

    /** Creates the processor. It needs no configuration. */
    public SecurityHeaders() {}

    @Override
    public void process(Exchange exchange) {
        addTo(exchange.getProperty("request", HttpServerRequest.class).response());
    }

    static void addTo(HttpServerResponse response) {
        response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}

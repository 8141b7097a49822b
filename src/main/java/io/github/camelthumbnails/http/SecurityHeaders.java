// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Puts what every answer says to browsers into the answer itself, for the routes drop all headers of their messages. */
public final class SecurityHeaders implements Processor {

    /** Takes no settings. */
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

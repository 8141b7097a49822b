// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.api;

import io.github.camelthumbnails.http.QueryParameters;
import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Reads an operator's request: its action, its query parameters, and its body. */
public final class OperatorRequest {

    private OperatorRequest() {}

    /**
     * Sets the exchange properties {@code operatorAction} and {@code operatorInput}: the query parameters or the fields of the body.
     *
     * @throws RequestRefusedException if the request is not one of those that exist
     */
    public static void read(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request)
            throws RequestRefusedException {
        String path = request.path();
        HttpMethod method = request.method();
        OperatorAction action = OperatorAction.find(path, method).orElse(null);
        if (action == null) {
            throw refuse(request, path);
        }
        Map<String, String> parameters = QueryParameters.of(request);
        for (String name : parameters.keySet()) {
            if (!action.parameters().contains(name)) {
                throw RequestRefusedException.badRequest(
                        "The query parameter " + name + " is not known for this request. "
                                + (action.parameters().isEmpty()
                                        ? "Remove it."
                                        : "Use " + String.join(", ", new TreeSet<>(action.parameters())) + "."));
            }
        }
        exchange.setProperty("operatorAction", action.name());
        if (action.hasBody()) {
            exchange.setProperty("operatorInput", Fields.fromJson(JsonBody.read(request)));
        } else {
            JsonBody.requireNone(request);
            exchange.setProperty("operatorInput", Fields.fromParameters(parameters));
        }
    }

    /**
     * Creates a 404 or 405. Sets the header {@code Allow} on the response itself, because the error handling removes all headers of the
     * message.
     */
    private static RequestRefusedException refuse(HttpServerRequest request, String path) {
        String allow = OperatorAction.allow(path);
        if (allow.isEmpty()) {
            return RequestRefusedException.notFound("There is nothing at this address. Use /operate/queues,"
                    + " /operate/failures, /operate/failures/summary, /operate/redrive or /operate/reconcile.");
        }
        request.response().putHeader("Allow", allow);
        return RequestRefusedException.of(405, "This method is not supported. Use " + allow + ".");
    }
}

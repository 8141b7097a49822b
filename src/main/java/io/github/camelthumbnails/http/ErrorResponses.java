// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.xml.stream.XMLStreamException;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;

/**
 * Formats the errors that the HTTP server itself returns (400, 404 and 405, for requests that match no route) like those
 * of the routes.
 */
public final class ErrorResponses implements CamelConfiguration {

    private static final String OPERATORS_PATHS =
            "/operate/queues, /operate/failures, /operate/redrive or /operate/reconcile";

    /** Creates the configuration. It needs no properties. */
    public ErrorResponses() {}

    @Override
    public void configure(CamelContext context) throws Exception {
        context.addStartupListener((started, alreadyStarted) -> {
            MainHttpServer server = context.hasService(MainHttpServer.class);
            if (server != null) {
                String roles = context.resolvePropertyPlaceholders("{{app.roles}}");
                addTo(
                        server.getRouter(),
                        context::isStarted,
                        roles.contains("upload") ? "/{stage}/{bucket}/{key}" : OPERATORS_PATHS);
            }
        });
    }

    /**
     * @param isStarted returns false while the application starts, and as soon as it stops and removes its routes
     * @param paths the addresses that exist
     */
    static void addTo(Router router, BooleanSupplier isStarted, String paths) {
        router.errorHandler(
                400,
                routing -> answer(
                        routing,
                        400,
                        "Bad Request",
                        "The request target is not valid. Percent-encode the path and the query."));
        router.errorHandler(404, routing -> {
            if (isStarted.getAsBoolean()) {
                answer(routing, 404, "Not Found", "There is nothing at this address. Use " + paths + ".");
            } else {
                routing.response().putHeader("Retry-After", "1");
                answer(routing, 503, "Service Unavailable", "The service is starting or stopping. Try again.");
            }
        });
        router.errorHandler(
                405,
                routing -> answer(
                        routing,
                        405,
                        "Method Not Allowed",
                        "This method is not supported. Use PUT to upload, GET or HEAD to read."));
    }

    private static void answer(RoutingContext routing, int status, String title, String detail) {
        HttpServerRequest request = routing.request();
        HttpServerResponse response = routing.response().setStatusCode(status);
        SecurityHeaders.addTo(response);
        if (status == 405) {
            response.putHeader("Allow", "GET, HEAD, PUT");
        }
        if (!AwsSdkAnswer.isExpected(request)) {
            response.putHeader("Content-Type", "application/problem+json")
                    .end(HttpServers.problemBody(status, title, detail));
            return;
        }
        String id = UUID.randomUUID().toString();
        try {
            response.putHeader(AwsSdkAnswer.REQUEST_ID, id)
                    .putHeader("Content-Type", "application/xml")
                    .end(AwsSdkAnswer.xml(AwsSdkAnswer.code(null, status), detail, request.path(), id));
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // writing to a string cannot fail
        }
    }
}

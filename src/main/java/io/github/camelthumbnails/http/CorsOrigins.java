// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration.Cors;

/**
 * Enables CORS for the origins in {@code api.corsOrigins}, so that web pages of these origins can use the API. Camel's
 * HTTP server supports CORS, but has no property for it.
 */
public final class CorsOrigins implements CamelConfiguration {

    /**
     * Request headers that pages may send, in lower case. Without this list, Camel would allow any requested header.
     */
    static final List<String> ALLOWED_HEADERS = List.of(
            "cache-control",
            "content-disposition",
            "content-md5",
            "content-type",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "range",
            "x-amz-checksum-crc32",
            "x-amz-checksum-sha256",
            "x-api-key");

    /** Creates the configuration, which reads the property when Camel starts. */
    public CorsOrigins() {}

    @Override
    public void configure(CamelContext context) throws Exception {
        List<String> origins = origins(context.resolvePropertyPlaceholders("{{api.corsOrigins}}"));
        MainHttpServer server = context.hasService(MainHttpServer.class);
        if (origins.isEmpty() || server == null) {
            return;
        }
        server.setCors(cors(origins)); // the server has been added but not started yet
        context.addStartupListener((started, alreadyStarted) -> server.getRouter()
                .route()
                .order(-1) // before Camel's own handlers
                .handler(exchange -> {
                    exchange.response().headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
                    hideForeignOrigin(exchange.request(), origins);
                    exchange.next();
                }));
    }

    /** Parses the property: origins separated by commas or spaces. */
    static List<String> origins(String setting) {
        return setting.isBlank() ? List.of() : List.of(setting.strip().split("[,\\s]+"));
    }

    private static Cors cors(List<String> origins) {
        Cors cors = new Cors();
        cors.setEnabled(true);
        cors.setOrigins(origins);
        cors.setMethods(List.of("GET", "HEAD", "PUT"));
        cors.setHeaders(ALLOWED_HEADERS);
        cors.setExposedHeaders(List.of("Content-Range", "ETag", "Location", "Retry-After"));
        return cors;
    }

    /**
     * Removes the header {@code Origin} if the origin is not allowed. Otherwise Camel would respond with
     * {@code Access-Control-Allow-Credentials} and with the allowed methods and headers.
     */
    static void hideForeignOrigin(HttpServerRequest request, List<String> allowed) {
        if (!allowed.contains(request.getHeader(HttpHeaders.ORIGIN))) {
            request.headers().remove(HttpHeaders.ORIGIN);
        }
    }
}

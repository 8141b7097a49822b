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
 * Lets the pages of other origins use the API, if {@code api.corsOrigins} names some. Camel's HTTP server can do that, but has no
 * setting for it.
 */
public final class CorsOrigins implements CamelConfiguration {

    /** Request headers that pages may send. In lower case: without a list, Camel allows whatever is asked for. */
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

    /** Takes no settings but the properties. */
    public CorsOrigins() {}

    @Override
    public void configure(CamelContext context) throws Exception {
        List<String> origins = origins(context.resolvePropertyPlaceholders("{{api.corsOrigins}}"));
        MainHttpServer server = context.hasService(MainHttpServer.class);
        if (origins.isEmpty() || server == null) {
            return;
        }
        server.setCors(cors(origins)); // it has been added, but not started yet
        context.addStartupListener((started, alreadyStarted) -> server.getRouter()
                .route()
                .order(-1) // before Camel's own handler
                .handler(exchange -> {
                    exchange.response().headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
                    hideForeignOrigin(exchange.request(), origins);
                    exchange.next();
                }));
    }

    /** Reads the setting: origins with commas or spaces between them. */
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
     * Treats a request from an origin that is not allowed like one without an origin. Camel would answer it with
     * {@code Access-Control-Allow-Credentials}, and with the methods and headers that are allowed.
     */
    static void hideForeignOrigin(HttpServerRequest request, List<String> allowed) {
        if (!allowed.contains(request.getHeader(HttpHeaders.ORIGIN))) {
            request.headers().remove(HttpHeaders.ORIGIN);
        }
    }
}

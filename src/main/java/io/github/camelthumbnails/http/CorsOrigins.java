// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

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

    /** Takes no settings but the properties. */
    public CorsOrigins() {}

    @Override
    public void configure(CamelContext context) {
        List<String> origins = List.of(
                context.resolvePropertyPlaceholders("{{api.corsOrigins}}").split("[,\\s]+"));
        if (origins.get(0).isEmpty()) {
            return;
        }
        Cors cors = new Cors();
        cors.setEnabled(true);
        cors.setOrigins(origins);
        cors.setMethods(List.of("GET", "HEAD", "PUT"));
        cors.setHeaders(List.of( // in lower case; without a list, Camel allows whatever is asked for
                "content-md5",
                "content-type",
                "if-match",
                "if-none-match",
                "range",
                "x-amz-checksum-crc32",
                "x-amz-checksum-sha256",
                "x-api-key"));
        cors.setExposedHeaders(List.of("ETag", "Location", "Retry-After"));
        MainHttpServer server = context.hasService(MainHttpServer.class);
        if (server != null) { // added, and not yet started
            server.setCors(cors);
        }
    }
}

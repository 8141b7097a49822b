// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that pages of other origins are not allowed by default, and that only configured origins can be allowed. */
class CorsIT {

    private static final String ORIGIN = "https://app.example.com";

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload");

    @Test
    void noOriginIsAllowedByDefault() throws Exception {
        assertThat(options(PIPELINE.httpPort, ORIGIN)).doesNotContainIgnoringCase("Access-Control-");
    }

    @Test
    void onlyConfiguredOriginsAreAllowed() throws Exception {
        Main named = PIPELINE.anotherApplication(Map.of("api.corsOrigins", "https://other.example.com, " + ORIGIN));
        int port = Pipeline.port(named);

        assertThat(options(port, ORIGIN))
                .containsIgnoringCase("Access-Control-Allow-Origin: " + ORIGIN + "\r\n")
                .containsIgnoringCase("Access-Control-Allow-Methods: PUT\r\n")
                .containsIgnoringCase("Access-Control-Allow-Headers: content-type,x-api-key\r\n");
        assertThat(options(port, ORIGIN)).containsIgnoringCase("Access-Control-Allow-Credentials: true\r\n");
        assertThat(options(port, "https://evil.example.com"))
                .startsWith("HTTP/1.1 405 ")
                .doesNotContainIgnoringCase("Access-Control-")
                .containsIgnoringCase("Vary: Origin\r\n");
        for (String method : new String[] {"GET", "HEAD", "PUT"}) {
            assertThat(request(port, method + " " + PIPELINE.path("absent"), "https://evil.example.com"))
                    .doesNotContainIgnoringCase("Access-Control-");
        }
        assertThat(request(port, "GET " + PIPELINE.path("absent"), ORIGIN))
                .startsWith("HTTP/1.1 404 ")
                .containsIgnoringCase("Access-Control-Allow-Origin: " + ORIGIN + "\r\n")
                .containsIgnoringCase("Access-Control-Expose-Headers: Content-Range,ETag,Location,Retry-After\r\n");
    }

    private static String options(int port, String origin) throws Exception {
        return request(port, "OPTIONS " + PIPELINE.path("a"), origin);
    }

    /** Sends a raw request, because not every HTTP client allows to set the Origin header. */
    private static String request(int port, String line, String origin) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: " + origin
                                    + "\r\nAccess-Control-Request-Method: PUT\r\n"
                                    + "Access-Control-Request-Headers: content-type,x-evil,x-api-key\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

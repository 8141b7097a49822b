// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FreePort;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the example route in Java DSL, which replaces the YAML route. */
class JavaRouteIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload");

    @Test
    void javaRouteStoresUploadsLikeTheYamlRoute() throws Exception {
        Main main = PIPELINE.application(Map.of(
                "app.roles",
                "thumbnail",
                "camel.server.port",
                String.valueOf(FreePort.next()),
                "camel.management.port",
                String.valueOf(FreePort.next()),
                "camel.main.routesIncludePattern",
                "classpath:camel/*,file:examples/CreateThumbnail.java",
                "camel.main.routesExcludePattern",
                "**/create-thumbnail*"));
        assertThat(main.getCamelContext()
                        .getRoute("create-thumbnail")
                        .getSourceResource()
                        .getLocation())
                .endsWith("CreateThumbnail.java");

        PIPELINE.upload("java.png", Pictures.quarters(ImageFormat.PNG, 20, 30));
        PIPELINE.upload("java.txt", "text".getBytes(StandardCharsets.UTF_8));

        assertThat(PIPELINE.awaitThumbnail("java.png").response().contentType()).isEqualTo("image/png");
        assertThat(PIPELINE.awaitItem("java.png")).hasSize(13);
        PIPELINE.awaitFailure("java.txt");
    }
}

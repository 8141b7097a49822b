// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FreePort;
import java.util.Map;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the roles upload and thumbnail in two separate applications. */
class RolesIT {

    @RegisterExtension
    static final Pipeline UPLOAD = new Pipeline().with("app.roles", "upload");

    @Test
    void rolesWorkInSeparateApplications() throws Exception {
        UPLOAD.upload("apart.jpg", Pictures.quarters(ImageFormat.JPEG, 20, 20));
        assertThat(UPLOAD.count(UPLOAD.resources.events()))
                .as("waiting events: the test event and that of the upload")
                .isEqualTo(2);

        Main thumbnail = UPLOAD.application(Map.of(
                "app.roles",
                "thumbnail",
                "camel.server.port",
                String.valueOf(FreePort.next()),
                "camel.management.port",
                String.valueOf(FreePort.next())));

        UPLOAD.awaitItem("apart.jpg");
        assertThat(thumbnail.getCamelContext().getRoutes())
                .extracting(Route::getId)
                .containsExactlyInAnyOrder(
                        "receive-image-events",
                        "update-thumbnail",
                        "create-thumbnail",
                        "remove-thumbnail",
                        "forget-failure",
                        "report-failure");
    }
}

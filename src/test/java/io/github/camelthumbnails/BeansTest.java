// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.main.Main;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings are checked when the application starts. */
class BeansTest {

    @ParameterizedTest
    @ValueSource(strings = {"worker", "thumbnails", "upload;thumbnail", "upload,"})
    void unknownRoleIsRefused(String roles) {
        assertThatThrownBy(() -> start(roles))
                .hasStackTraceContaining("app.roles is " + roles + ": set it to upload, thumbnail or upload,thumbnail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"thumbnail", "upload", "upload,thumbnail", "thumbnail,upload"})
    void rolesAreTaken(String roles) {
        assertThatNoException().isThrownBy(() -> start(roles));
    }

    /** Without routes, so that nobody is called. */
    private static void start(String roles) {
        Main main = new Main(App.class);
        main.configure().setRoutesIncludePattern("false");
        main.addOverrideProperty("app.roles", roles);
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.enabled", "false");
        try {
            main.start();
        } finally {
            main.stop();
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the page for uploads with axe-core in each of its states. */
@Tag("long")
class PageAccessibilityIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    @ParameterizedTest
    @CsvSource({"light, 390", "light, 1200", "dark, 390", "dark, 1200"})
    void axeFindsNothing(String colours, int width) throws Exception {
        PAGE.browser.media("prefers-color-scheme", colours);
        PAGE.browser.width(width);
        assertNoViolations("empty");

        PAGE.choose("ready.png", Pictures.quarters(ImageFormat.PNG, 60, 40));
        PAGE.choose("failed.txt", new byte[] {1});
        PAGE.card("ready.png", "ready");
        PAGE.card("failed.txt", "failed");
        UploadPage.await(() -> PAGE.isDisplayed("#list img"));
        assertNoViolations("ready and failed");

        PAGE.browser.run("document.querySelector('.ready .picture').click()");
        UploadPage.await(() -> PAGE.isDisplayed("#large img"));
        assertNoViolations("viewer");
        PAGE.browser.run("document.querySelector('#viewer').close()");

        PIPELINE.holdUploads();
        PAGE.choose(5, Pictures.noise(ImageFormat.PNG, 64, 64));
        PAGE.awaitCount(3, "uploading");
        assertNoViolations("under way");

        PAGE.click("#clear");
        PAGE.awaitDisplayed("#clear-dialog");
        assertNoViolations("dialog");
        PAGE.click("#clear-keep");

        PAGE.reload();
        PAGE.awaitCount(5, "interrupted");
        assertNoViolations("interrupted");
    }

    private static void assertNoViolations(String state) {
        assertThat(Axe.violations(PAGE.browser)).as(state).isEmpty();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.WebElement;

/** Tests that the page states the service's limits, and sends nothing that the service would reject. */
@Tag("long")
class PageLimitsIT {

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().with("image.maxBytes", "50000").with("image.maxPixels", "20000");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    @Test
    void limitsAndFormatsAreThoseOfTheService() {
        assertThat(PAGE.browser.find("#limits").getText())
                .contains("JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP")
                .contains("50 kB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "large.png   | 50001 | The file is too large.*The limit is 50 kB",
                "empty.jpg   |     0 | The file is empty",
                "notes.txt   |    10 | This kind of file is not supported",
                "archive.zip |    10 | This kind of file is not supported. Save"
            })
    void fileThatTheServiceWouldRejectIsNotSent(String name, int length, String reason) throws Exception {
        PAGE.choose(name, new byte[length]);

        assertIsNotSent(name, reason);
    }

    @Test
    void pictureWithTooManyPixelsIsNotSent() throws Exception {
        PAGE.choose("wide.png", Pictures.quarters(ImageFormat.PNG, 20_001, 1));

        assertIsNotSent("wide.png", "The picture has too many pixels.*The limit is 20K pixels");
    }

    @Test
    void heicIsExplainedWhereTheServiceCannotReadIt() throws Exception {
        Object script = PAGE.browser.runBefore("""
                const json = Response.prototype.json;
                Response.prototype.json = async function () {
                    const result = await json.call(this);
                    result.formats?.forEach((format) => (format.available &&= format.name !== 'HEIC'));
                    return result;
                };
                """);
        try {
            PAGE.visit();
            PAGE.choose("IMG_1.HEIC", new byte[10]);

            assertIsNotSent("IMG_1.HEIC", "HEIC pictures are not supported here.*Most Compatible");
        } finally {
            PAGE.browser.doNotRunBefore(script);
        }
    }

    @Test
    void largestFileIsSent() throws Exception {
        byte[] picture = Pictures.quarters(ImageFormat.BMP, 100, 100);
        byte[] largest = Arrays.copyOf(picture, 50_000);

        PAGE.choose("largest.bmp", largest);

        PAGE.card("largest.bmp", "ready");
    }

    private static void assertIsNotSent(String name, String reason) {
        WebElement card = PAGE.card(name, "failed");
        PAGE.awaitText(name, ".state", reason);
        PAGE.awaitLive(reason);
        assertThat(PAGE.isDisplayed(card, ".retry")).as("retry").isFalse();
        assertThat(PAGE.isDisplayed(card, ".check")).as("check").isFalse();
        assertThat(PAGE.isDisplayed(card, ".cancel")).as("cancel").isFalse();
        assertThat(PAGE.isDisplayed(card, "progress")).as("progress").isFalse();
        assertThat(PAGE.uploadsSent()).isZero();
    }
}

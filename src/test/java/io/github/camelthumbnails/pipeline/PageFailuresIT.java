// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Tests that the page says in a person's words why there is no thumbnail, in a real browser. */
@Tag("long")
class PageFailuresIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("image.maxPixels", "20000");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PHOTO = Pictures.noise(ImageFormat.JPEG, 200, 100);

    static Stream<Arguments> pictures() {
        return Stream.of(
                Arguments.of(
                        "text.png",
                        "no picture".getBytes(StandardCharsets.UTF_8),
                        "This kind of file is not supported",
                        true),
                Arguments.of("half.jpg", Arrays.copyOf(PHOTO, PHOTO.length / 2), "The picture is damaged", true),
                Arguments.of(
                        "pixels.tif",
                        Pictures.quarters(ImageFormat.TIFF, 200, 200),
                        "The picture has too many pixels",
                        true),
                Arguments.of("empty.png", new byte[0], "The file is empty", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void reasonIsShownInAPersonsWords(String name, byte[] content, String reason, boolean hasDetails) throws Exception {
        PAGE.choose(name, content);

        WebElement card = PAGE.card(name, "failed");
        PAGE.awaitText(name, ".state", reason);
        PAGE.awaitLive(name + ".*" + reason);
        assertThat(PAGE.isDisplayed(card, ".retry")).isFalse();
        assertThat(PAGE.isDisplayed(card, ".check")).isFalse();
        assertThat(PAGE.isDisplayed(card, "details")).isEqualTo(hasDetails);
        if (hasDetails) {
            card.findElement(By.cssSelector("summary")).click();
            assertThat(card.findElement(By.cssSelector("details p")).getText()).isNotEmpty();
        }
    }

    @Test
    void failedPicturesAreFiltered() throws Exception {
        PAGE.choose("good.png", Pictures.quarters(ImageFormat.PNG, 60, 40));
        PAGE.choose("bad.png", "no picture".getBytes(StandardCharsets.UTF_8));
        PAGE.card("good.png", "ready");
        PAGE.card("bad.png", "failed");

        PAGE.browser.find("#filter option[value=failed]").click();

        UploadPage.await(() -> PAGE.names().size() == 1);
        assertThat(PAGE.names()).containsExactly("bad.png");
        assertThat(PAGE.browser.find("#count").getText()).isEqualTo("1 of 2");
        PAGE.browser.find("#filter option[value=all]").click();
        UploadPage.await(() -> PAGE.names().size() == 2);
    }

    @Test
    void originalThatWasRemovedIsNotFound() throws Exception {
        PAGE.browser.run(
                "localStorage.setItem(`thumbnails dev/${arguments[0]}`,"
                        + " JSON.stringify([{ key: 'removed.png', name: 'removed.png' }]))",
                PIPELINE.resources.originals());

        PAGE.reload();

        PAGE.awaitText("removed.png", ".state", "not stored any more");
        PAGE.click("removed.png", "failed", ".remove");
        PAGE.awaitCount(0, "failed");
        assertThat(PAGE.focused()).isEqualTo("#files");
    }
}

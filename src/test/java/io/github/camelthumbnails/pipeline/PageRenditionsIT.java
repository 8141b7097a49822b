// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Tests that the page at {@code /} links to all renditions of a picture, in a real browser. */
class PageRenditionsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("renditions", "thumbnail,card,avatar")
            .with("renditions.card", "fit:40x40 format:webp")
            .with("renditions.avatar", "fill:16x16 key:avatars/{key} format:jpeg");

    @Test
    void linksLeadToAllRenditions(@TempDir Path directory) throws Exception {
        Path photo = Files.write(directory.resolve("100%?#.png"), Pictures.quarters(ImageFormat.PNG, 60, 40));
        try (Browser browser = Browser.open()) {
            browser.driver.get("http://127.0.0.1:" + PIPELINE.httpPort + "/");
            browser.find("#files").sendKeys(photo.toString());

            WebElement entry = Pipeline.await()
                    .until(
                            () -> browser.driver.findElements(By.cssSelector("#list > .ready")).stream()
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            List<WebElement> links = entry.findElements(By.tagName("a"));

            assertThat(links)
                    .extracting(WebElement::getText)
                    .containsExactly("Thumbnail", "avatar", "card", "Original");
            assertRendition(links.get(1), "image/jpeg", 16, 16);
            assertRendition(links.get(2), "image/webp", 40, 27);
        }
    }

    private static void assertRendition(WebElement link, String contentType, int width, int height) throws Exception {
        HttpResponse<byte[]> response = PIPELINE.read("GET", link.getDomAttribute("href"));
        assertThat(response.headers().firstValue("Content-Type")).contains(contentType);
        assertThat(Pictures.decode(response.body()))
                .extracting("width", "height")
                .containsExactly(width, height);
    }
}

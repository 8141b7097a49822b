// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Tests that the page shows all renditions of a picture and links to them, in a real browser. */
@Tag("long")
class PageRenditionsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("renditions", "thumbnail,card,avatar")
            .with("renditions.card", "fit:40x40 format:webp")
            .with("renditions.avatar", "fill:16x16 key:avatars/{key} format:jpeg");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.PNG, 60, 40);
    private static final String NAME = "100%?#.png";

    @Test
    void linksLeadToAllRenditions() throws Exception {
        PAGE.choose(NAME, PHOTO);
        WebElement card = PAGE.card(NAME, "ready");

        assertThat(card.findElements(By.cssSelector(".renditions a[data-rendition]")))
                .extracting(link -> link.getDomAttribute("data-rendition"))
                .containsExactlyInAnyOrder("thumbnail", "card", "avatar");
        assertRendition(card, "thumbnail", "image/png", 30, 20);
        assertRendition(card, "avatar", "image/jpeg", 16, 16);
        assertRendition(card, "card", "image/webp", 40, 27);
        HttpResponse<byte[]> original = get(card.findElement(By.cssSelector("a.original")));
        assertThat(original.body()).isEqualTo(PHOTO);
        assertThat(original.headers().firstValue("Content-Type")).contains("image/png");
    }

    @Test
    void viewerShowsAllRenditions() throws Exception {
        PAGE.choose(NAME, PHOTO);
        PAGE.card(NAME, "ready");
        PAGE.click(NAME, "ready", ".picture");
        PAGE.awaitDisplayed("#viewer");

        List<String> sizes = List.of("thumbnail 30 20", "card 40 27", "avatar 16 16", "original 60 40");
        for (String size : sizes) {
            String[] parts = size.split(" ");
            PAGE.click("#viewer button[data-rendition=" + parts[0] + "]");
            UploadPage.await(() -> PAGE.browser
                    .run("const image = document.querySelector('#large img');"
                            + "return image ? `${image.naturalWidth} ${image.naturalHeight}` : ''")
                    .equals(parts[1] + " " + parts[2]));
            assertThat(PAGE.browser
                            .find("#viewer button[data-rendition=" + parts[0] + "]")
                            .getText())
                    .contains(parts[1] + " × " + parts[2]);
            assertThat(PAGE.browser.find("#download").getDomAttribute("href")).isNotEmpty();
        }
    }

    private static void assertRendition(WebElement card, String name, String contentType, int width, int height)
            throws Exception {
        HttpResponse<byte[]> response = get(card.findElement(By.cssSelector("a[data-rendition=" + name + "]")));
        assertThat(response.headers().firstValue("Content-Type")).contains(contentType);
        assertThat(Pictures.decode(response.body()))
                .extracting("width", "height")
                .containsExactly(width, height);
    }

    private static HttpResponse<byte[]> get(WebElement link) throws Exception {
        return PIPELINE.read("GET", link.getDomAttribute("href"));
    }
}

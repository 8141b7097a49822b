// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** Tests that the keyboard alone is enough for the page, in a real browser. */
@Tag("long")
class PageKeyboardIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);

    @Test
    void everythingIsReachedWithTheTabKey() throws Exception {
        upload("keys.png");
        PAGE.reload();
        PAGE.card("keys.png", "ready");

        List<String> reached = new ArrayList<>();
        while (reached.size() < 20 && !reached.contains("The API behind this page")) {
            reached.add(PAGE.tab());
        }

        assertThat(reached.get(0)).isEqualTo("#files");
        assertThat(reached)
                .containsSubsequence("#filter", "#clear", "View keys.png")
                .contains("Remove from the list: keys.png", "Thumbnail: keys.png", "Original: keys.png")
                .doesNotHaveDuplicates();
    }

    @Test
    void focusMovesOnWhenAPictureIsRemoved() throws Exception {
        upload("a.png");
        upload("b.png");
        upload("c.png");

        focus("Remove from the list: b.png");
        PAGE.press(Keys.ENTER);

        UploadPage.await(() -> PAGE.names().size() == 2);
        UploadPage.await(() -> PAGE.focused().equals("Remove from the list: a.png"));
        PAGE.press(Keys.SPACE);
        UploadPage.await(() -> PAGE.names().size() == 1);
        UploadPage.await(() -> PAGE.focused().equals("Remove from the list: c.png"));
        PAGE.press(Keys.ENTER);
        UploadPage.await(() -> PAGE.names().isEmpty());
        UploadPage.await(() -> PAGE.focused().equals("#files"));
    }

    @Test
    void viewerIsUsedWithTheKeyboard() throws Exception {
        upload("a.png");
        upload("b.png");
        focus("View b.png");

        PAGE.press(Keys.ENTER);

        PAGE.awaitDisplayed("#viewer");
        awaitViewed("b.png");
        PAGE.press(Keys.ARROW_RIGHT);
        awaitViewed("a.png");
        PAGE.press(Keys.ARROW_LEFT);
        awaitViewed("b.png");
        PAGE.press(Keys.ESCAPE);
        PAGE.awaitHidden("#viewer");
        assertThat(PAGE.focused()).isEqualTo("View b.png");
    }

    @Test
    void escapeKeepsTheList() throws Exception {
        upload("a.png");
        PAGE.browser.run("document.querySelector('#clear').focus()");

        PAGE.press(Keys.ENTER);
        PAGE.awaitDisplayed("#clear-dialog");
        PAGE.press(Keys.ESCAPE);

        PAGE.awaitHidden("#clear-dialog");
        assertThat(PAGE.names()).containsExactly("a.png");
        assertThat(PAGE.focused()).isEqualTo("#clear");
    }

    private static void upload(String name) throws Exception {
        PAGE.choose(name, PICTURE);
        PAGE.card(name, "ready");
    }

    private static void focus(String label) {
        PAGE.browser.run(
                "document.querySelector(`[aria-label=\"${arguments[0]}\"]`).focus({ focusVisible: true })", label);
    }

    private static void awaitViewed(String name) {
        Pipeline.await()
                .untilAsserted(() ->
                        assertThat(PAGE.browser.find("#viewer-name").getText()).isEqualTo(name));
        UploadPage.await(() -> PAGE.isDisplayed("#large img"));
    }
}

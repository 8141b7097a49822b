// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** Tests that the page asks for an API key where the service needs one, in a real browser. */
@Tag("long")
class PageKeyIT {

    private static final String KEY = "a-key-that-is-long-enough";

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().with("api.keyRequired", "true").with("api.keys", KEY);

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);

    @Test
    void apiKeyIsRequestedOnce() throws Exception {
        assertThat(PAGE.isDisplayed("#key-form")).isFalse();
        PAGE.choose(20, PICTURE);
        PAGE.awaitDisplayed("#key-form");
        assertThat(PAGE.focused()).isEqualTo("#key");

        for (String wrong : List.of("wrong", "열쇠")) {
            PAGE.browser.find("#key").sendKeys(wrong + Keys.ENTER);
            UploadPage.await(() -> PAGE.browser.find("#key").isDisplayed()
                    && PAGE.browser.find("#key-hint").getText().contains("does not accept this key"));
        }
        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);

        PAGE.awaitCount(20, "ready");
        assertThat(PAGE.isDisplayed("#key-form")).isFalse();
        PAGE.choose("later.png", PICTURE);
        PAGE.card("later.png", "ready");
        PAGE.reload();
        PAGE.card("later.png", "ready");
        UploadPage.await(() -> PAGE.isDisplayed("#list img"));
        assertThat(PAGE.isDisplayed("#key-form")).isFalse();
        assertThat(PAGE.browser.driver.getCurrentUrl()).doesNotContain("key");
        assertThat(PAGE.browser.run("return JSON.stringify(localStorage)")).isEqualTo("{}");
    }

    @Test
    void keyIsKeptInTheTabOnly() throws Exception {
        PAGE.choose("a.png", PICTURE);
        PAGE.awaitDisplayed("#key-form");
        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);
        PAGE.card("a.png", "ready");
        String first = PAGE.browser.driver.getWindowHandle();

        PAGE.browser.driver.switchTo().newWindow(WindowType.TAB);
        try {
            PAGE.visit();
            PAGE.choose("b.png", PICTURE);

            PAGE.awaitDisplayed("#key-form");
        } finally {
            PAGE.browser.run("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)");
            PAGE.browser.driver.close();
            PAGE.browser.driver.switchTo().window(first);
        }
    }

    @Test
    void uploadIsCancelledWhileTheKeyIsRequested() throws Exception {
        PAGE.choose("a.png", PICTURE);
        PAGE.awaitDisplayed("#key-form");

        PAGE.click("a.png", "uploading", ".cancel");

        PAGE.card("a.png", "failed");
        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);
        PAGE.choose("b.png", PICTURE);
        PAGE.card("b.png", "ready");
        PAGE.card("a.png", "failed");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).noneMatch(key -> key.endsWith("/a.png"));
    }

    @Test
    void largeFileIsUploadedOnceTheKeyIsKnown() throws Exception {
        byte[] large = Arrays.copyOf(PICTURE, 8_000_000);
        PAGE.choose("large.png", large);
        PAGE.awaitDisplayed("#key-form");

        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);

        PAGE.card("large.png", "ready");
    }

    @Test
    void linksWorkWithAKey() throws Exception {
        PAGE.choose("linked.png", PICTURE);
        PAGE.awaitDisplayed("#key-form");
        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);
        WebElement card = PAGE.card("linked.png", "ready");
        PAGE.browser.run("window.clicked = [];"
                + "HTMLAnchorElement.prototype.click = function () { clicked.push(this.download, this.href); }");

        PAGE.click("linked.png", "ready", "a.original");

        UploadPage.await(() -> !PAGE.browser.run("return clicked.join(' ')").equals(""));
        assertThat((String) PAGE.browser.run("return clicked.join(' ')")).startsWith("linked.png blob:");
        assertThat(card.isDisplayed()).isTrue();
    }

    @Test
    void keyIsRequestedInsteadOfTheLargePicture() throws Exception {
        PAGE.choose("large.png", PICTURE);
        PAGE.awaitDisplayed("#key-form");
        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);
        PAGE.card("large.png", "ready");
        UploadPage.await(() -> PAGE.isDisplayed("#list img"));
        PAGE.browser.run("window.before = fetch; window.fetch = async () => new Response('{}', { status: 401 })");

        PAGE.click("large.png", "ready", ".picture");

        PAGE.awaitDisplayed("#key-form");
        assertThat(PAGE.isDisplayed("#viewer")).isFalse();
        assertThat(PAGE.focused()).isEqualTo("#key");
        PAGE.browser.run("window.fetch = before");
        PAGE.browser.find("#key").sendKeys(KEY + Keys.ENTER);
        PAGE.click("large.png", "ready", ".picture");
        UploadPage.await(() -> PAGE.isDisplayed("#large img"));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the page suits every window, person and language, in a real browser. */
@Tag("long")
class PageLookIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 900, 20);

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 600, 1200})
    void pageFitsTheWidthOfTheWindow(int width) throws Exception {
        PAGE.browser.width(width);
        PAGE.choose("p".repeat(80) + ".png", PICTURE);
        PAGE.choose("x".repeat(80) + ".txt", new byte[] {1});
        PAGE.card("p".repeat(80) + ".png", "ready");
        PAGE.card("x".repeat(80) + ".txt", "failed");
        assertNoOverflow();

        PAGE.click("#clear");
        PAGE.awaitDisplayed("#clear-dialog");
        assertNoOverflow();
        PAGE.click("#clear-keep");
        PAGE.browser.run("document.querySelector('.ready .picture').click()");
        UploadPage.await(() -> PAGE.isDisplayed("#large img"));
        assertNoOverflow();
        assertThat((boolean) PAGE.browser.run("""
                        return [...document.querySelectorAll('#viewer button, #viewer a')].every((control) => {
                            const { left, right, bottom, top } = control.getBoundingClientRect();
                            return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
                        });
                        """))
                .as("all controls are visible")
                .isTrue();
    }

    private static void assertNoOverflow() {
        assertThat(PAGE.browser.run(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("horizontal overflow in pixels")
                .isEqualTo(0L);
    }

    @Test
    void nothingMovesIfThatIsWanted() throws Exception {
        PAGE.browser.media("prefers-reduced-motion", "reduce");
        PAGE.browser.network(5_000);
        PAGE.choose(5, Pictures.noise(ImageFormat.PNG, 64, 64));
        PAGE.awaitCount(3, "uploading");

        assertThat(PAGE.browser.run("return document.getAnimations()"
                        + ".filter(({ effect }) => effect.getComputedTiming().activeDuration > 10).length"))
                .isEqualTo(0L);
        PAGE.click("#cancel-all");
    }

    @Test
    void pageIsDarkIfThatIsWanted() {
        long light = brightness();
        PAGE.browser.media("prefers-color-scheme", "dark");

        assertThat(brightness()).isLessThan(80);
        assertThat(light).isGreaterThan(200);
    }

    private static long brightness() {
        return ((Number) PAGE.browser.run("const [r, g, b] = getComputedStyle(document.body).backgroundColor"
                        + ".match(/[\\d.]+/g).map(Number); return Math.round((r + g + b) / 3)"))
                .longValue();
    }

    @ParameterizedTest
    @CsvSource({"'ko-KR,en', ko", "'fr,ko', ko", "'fr-FR', en", "'en-GB,ko', en"})
    void languageIsThatOfTheBrowser(String languages, String language) {
        speak(languages);
        try {
            PAGE.visit();

            assertThat(PAGE.browser.find("html").getDomAttribute("lang")).isEqualTo(language);
        } finally {
            speak("en-US");
        }
    }

    @Test
    void nothingIsInEnglishOnAKoreanPage() throws Exception {
        speak("ko-KR");
        try {
            PAGE.visit();
            PAGE.browser.network(20_000);
            PAGE.choose(PAGE.file("1.png", PICTURE), PAGE.file("2.txt", new byte[] {1}));
            PAGE.choose("3.png", Pictures.noise(ImageFormat.PNG, 200, 200));
            PAGE.card("3.png", "uploading");
            assertNoEnglish();
            PAGE.browser.online();
            PAGE.card("1.png", "ready");
            PAGE.card("3.png", "ready");
            PAGE.click("#clear");
            PAGE.awaitDisplayed("#clear-dialog");
            assertNoEnglish();
            PAGE.click("#clear-keep");
            PAGE.browser.run("document.querySelector('.ready .picture').click()");
            UploadPage.await(() -> PAGE.isDisplayed("#large img"));
            assertNoEnglish();
        } finally {
            speak("en-US");
        }
    }

    /** Checks all texts and labels. Names of formats, units and techniques are the same in Korean. */
    private static void assertNoEnglish() {
        String texts = (String) PAGE.browser.run("return document.body.innerText + ' '"
                + " + [...document.querySelectorAll('[aria-label], [title], [alt]')].map((element) =>"
                + " `${element.ariaLabel} ${element.title} ${element.alt}`).join(' ')");
        assertThat(texts.replaceAll(
                        "(?i)(?<![a-z])(png|jpe?g|gif|bmp|tiff?|webp|heic|heif|avif|txt|kB|MB|byte|api|openapi|null|undefined)(?![a-z])",
                        ""))
                .doesNotContainPattern("[A-Za-z]{3}");
    }

    private static void speak(String languages) {
        String agent = (String) PAGE.browser.run("return navigator.userAgent");
        PAGE.browser.driver.executeCdpCommand(
                "Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", languages));
    }
}

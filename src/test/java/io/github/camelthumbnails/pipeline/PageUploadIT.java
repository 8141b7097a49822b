// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WebElement;

/** Tests how pictures get from a person to the service and back, in a real browser. */
@Tag("long")
class PageUploadIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);

    @Test
    void chosenPicturesGetTheirThumbnails() throws Exception {
        PAGE.choose(
                PAGE.file("red, green & blue.png", PICTURE),
                PAGE.file("한 😀.gif", Pictures.quarters(ImageFormat.GIF, 21, 30)));

        PAGE.card("red, green & blue.png", "ready");
        PAGE.card("한 😀.gif", "ready");
        PAGE.awaitText("red, green & blue.png", ".state", "60 × 40 → 30 × 20");
        PAGE.awaitText("한 😀.gif", ".state", "21 × 30 → 10 × 15");
        Pipeline.await()
                .untilAsserted(() -> assertThat(quarters("Thumbnail of red, green & blue.png"))
                        .isEqualTo(List.of("255,0,0", "0,255,0", "0,0,255", "255,255,0")));
        PAGE.awaitLive("2 of 2 done");
    }

    /** Returns the colours in the middle of the quarters of a picture of the page. */
    private static Object quarters(String alt) {
        return PAGE.browser.run("""
                const image = [...document.images].find(({ alt }) => alt === arguments[0]);
                if (!image?.complete || !image.naturalWidth) return null;
                const canvas = document.createElement('canvas');
                const { naturalWidth: width, naturalHeight: height } = image;
                Object.assign(canvas, { width, height });
                const context = canvas.getContext('2d', { willReadFrequently: true });
                context.drawImage(image, 0, 0);
                return [[1, 1], [3, 1], [1, 3], [3, 3]].map(([x, y]) =>
                    [...context.getImageData(x * width / 4, y * height / 4, 1, 1).data].slice(0, 3).join());
                """, alt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"body", "h1", "#list", "#limits"})
    void pictureIsDroppedAnywhere(String selector) {
        PAGE.drop(selector, "dropped.jpg", Pictures.quarters(ImageFormat.JPEG, 80, 80));

        PAGE.card("dropped.jpg", "ready");
        assertThat(PAGE.browser.find("body").getDomAttribute("class")).isNotEqualTo("over");
    }

    @Test
    void pageShowsThatItCanTakeADraggedFile() {
        PAGE.browser.run("""
                window.drag = (type, ...items) => {
                    const dataTransfer = new DataTransfer();
                    items.forEach((item) => dataTransfer.items.add(...item));
                    document.querySelector('h1').dispatchEvent(
                        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
                    return document.body.classList.contains('over');
                };
                window.file = [new File(['a'], 'a.png', { type: 'image/png' })];
                """);

        assertThat(PAGE.browser.run("return drag('dragenter', file)")).isEqualTo(true);
        assertThat(PAGE.browser.run("return drag('dragleave', file)")).isEqualTo(false);
        assertThat(PAGE.browser.run("return drag('dragenter', ['a text', 'text/plain'])"))
                .as("no file")
                .isEqualTo(false);
    }

    @Test
    void picturesInADroppedFolderAreUploaded() {
        // Browsers let no script make a folder, so this imitates the interface that leads to its files.
        PAGE.browser.run("""
                const bytes = Uint8Array.from(atob(arguments[0]), (character) => character.charCodeAt(0));
                const file = (name) => ({ isFile: true, name,
                    file: (resolve) => setTimeout(() => resolve(new File([bytes], name, { type: 'image/png' }))) });
                const folder = (name, ...batches) => ({ isDirectory: true, name, createReader: () => ({
                    readEntries: (resolve) => setTimeout(() => resolve(batches.shift() ?? [])) }) });
                const inner = folder('inner', [file('c.png')]);
                const outer = folder('outer', [file('a.png')], [file('b.png'), inner]);
                const event = new DragEvent('drop', { bubbles: true, cancelable: true });
                Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], files: [],
                    items: [{ kind: 'file', getAsFile: () => null, webkitGetAsEntry: () => outer }] } });
                document.body.dispatchEvent(event);
                """, Base64.getEncoder().encodeToString(PICTURE));

        PAGE.card("a.png", "ready");
        PAGE.card("b.png", "ready");
        PAGE.card("c.png", "ready");
    }

    @Test
    void pictureIsPasted() {
        PAGE.paste("image.png", "image/png", PICTURE);

        PAGE.awaitCount(1, "ready");
    }

    @Test
    void sixtyPicturesAreUploadedAndNoneIsForgotten() throws Exception {
        PAGE.browser.network(40_000);
        PAGE.choose(60, Pictures.noise(ImageFormat.PNG, 40, 30));

        PAGE.awaitDisplayed("#overall-text");
        Pipeline.await()
                .untilAsserted(() ->
                        assertThat(PAGE.browser.find("#overall-text").getText()).matches("[1-9]\\d? of 60 done.*"));
        PAGE.browser.online();
        PAGE.awaitLive("60 of 60 done");
        PAGE.awaitHidden("#overall");
        PAGE.awaitCount(48, "ready");
        PAGE.click("#more");
        PAGE.awaitCount(60, "ready");
        assertThat(PAGE.names()).containsExactlyInAnyOrderElementsOf(UploadPage.pngs(1, 60));
        assertThat(PAGE.browser.find("#count").getText()).contains("60");
        assertThat(PAGE.maxUploadsInParallel()).isBetween(2, 3);
        assertThat(PAGE.uploadsSent()).isEqualTo(60);
    }

    @Test
    void activePicturesComeFirst() throws Exception {
        PAGE.choose("earlier.png", PICTURE);
        PAGE.card("earlier.png", "ready");
        PAGE.browser.network(20_000);

        PAGE.choose(6, Pictures.noise(ImageFormat.PNG, 200, 200));

        PAGE.awaitCount(3, "queued");
        Pipeline.await()
                .untilAsserted(() -> assertThat(PAGE.names())
                        .containsExactly("1.png", "2.png", "3.png", "4.png", "5.png", "6.png", "earlier.png"));
        PAGE.click("#cancel-all");
        PAGE.awaitCount(6, "failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100%?#&+;=@ \"'<b>.png",
                "%2e%2e%2f.png",
                "..",
                "tab\tnewline\nnull\u0000.png",
                "lone surrogate.png",
                "back\\slash.png",
                "\u202Egnp.exe",
                "__proto__"
            })
    void anyNameIsAccepted(String name) {
        PAGE.browser.run("""
                const bytes = Uint8Array.from(atob(arguments[1]), (character) => character.charCodeAt(0));
                const dataTransfer = new DataTransfer();
                const name = arguments[0].replace('lone ', '\\ud83d'); // Java cannot send it
                dataTransfer.items.add(new File([bytes], name, { type: 'image/png' }));
                document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
                """, name, Base64.getEncoder().encodeToString(PICTURE));

        PAGE.awaitCount(1, "ready");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "한", "😀"})
    void veryLongNameIsAccepted(String character) {
        String name = character.repeat(600) + ".png";

        PAGE.drop("body", name, PICTURE);

        PAGE.card(name, "ready");
    }

    @Test
    void sameFileIsUploadedTwice() throws Exception {
        PAGE.choose("same.png", PICTURE);
        PAGE.choose("same.png", PICTURE);

        PAGE.awaitCount(2, "ready");
    }

    @Test
    void progressIsShownAndAnUploadCanBeCancelledAndRetried() throws Exception {
        PAGE.browser.network(200_000);
        PAGE.choose("slow.bmp", Pictures.quarters(ImageFormat.BMP, 600, 400));
        WebElement card = PAGE.card("slow.bmp", "uploading");
        UploadPage.await(() -> {
            double progress =
                    Double.parseDouble(PAGE.browser.find(".card progress").getDomProperty("value"));
            return progress > 0 && progress < 1;
        });
        assertThat(PAGE.isDisplayed(card, "canvas")).as("local preview").isTrue();
        PAGE.awaitText("slow.bmp", ".state", "\\d+ ?%");
        assertThat(PAGE.warnsBeforeLeaving()).isTrue();

        PAGE.click("slow.bmp", "uploading", ".cancel");

        PAGE.awaitText("slow.bmp", ".state", "Cancelled");
        PAGE.awaitHidden("#overall");
        assertThat(PAGE.warnsBeforeLeaving()).isFalse();
        PAGE.browser.online();
        PAGE.click("slow.bmp", "failed", ".retry");
        PAGE.card("slow.bmp", "ready");
        PAGE.awaitText("slow.bmp", ".state", "600 × 400 → 300 × 200");
    }

    @Test
    void allUploadsAreCancelled() throws Exception {
        PAGE.browser.network(10_000);
        PAGE.choose(10, Pictures.noise(ImageFormat.PNG, 200, 200));
        PAGE.awaitCount(3, "uploading");

        PAGE.click("#cancel-all");

        PAGE.awaitCount(10, "failed");
        assertThat(PAGE.uploadsSent()).isEqualTo(3);
        PAGE.reload();
        PAGE.browser.online();
        PAGE.click("7.png", "failed", ".retry");
        PAGE.card("7.png", "ready");
    }
}

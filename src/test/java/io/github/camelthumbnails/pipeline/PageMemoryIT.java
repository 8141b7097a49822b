// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FaultProxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** Tests that the page forgets no picture, in a real browser. */
@Tag("long")
class PageMemoryIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);
    /** A picture of 12 kB. */
    private static final byte[] NOISE = Pictures.noise(ImageFormat.PNG, 64, 64);

    @Test
    void listSurvivesAReloadUntilItIsCleared() throws Exception {
        PAGE.choose("kept.png", PICTURE);
        PAGE.choose("left.png", PICTURE);
        PAGE.card("kept.png", "ready");
        PAGE.click("left.png", "ready", ".remove");
        PAGE.awaitCount(1, "ready");

        PAGE.reload();

        PAGE.card("kept.png", "ready");
        assertThat(PAGE.names()).containsExactly("kept.png");
        PAGE.click("#clear");
        PAGE.awaitDisplayed("#clear-dialog");
        assertThat(PAGE.isDisplayed("#clear-finished")).isFalse();
        PAGE.click("#clear-keep");
        PAGE.awaitHidden("#clear-dialog");
        PAGE.card("kept.png", "ready");
        PAGE.click("#clear");
        PAGE.click("#clear-all");
        PAGE.awaitCount(0, "ready");
        PAGE.reload();
        assertThat(PAGE.names()).isEmpty();
    }

    @Test
    void uploadsAreResumedAfterAReload() throws Exception {
        List<String> earlier = PIPELINE.keys(PIPELINE.resources.originals());
        PAGE.browser.network(100_000);
        PAGE.choose(60, NOISE);
        UploadPage.await(() -> PAGE.count("ready") + PAGE.count("waiting") >= 6);
        assertThat(PAGE.warnsBeforeLeaving()).isTrue();

        PAGE.reload();

        PAGE.awaitDisplayed("#interrupted");
        assertThat(PAGE.browser.find("#interrupted").getText()).containsPattern("\\d\\d");
        PAGE.browser.online();
        // A second click must not upload anything twice.
        PAGE.browser.run("document.querySelector('#resume').click(); document.querySelector('#resume').click()");
        PAGE.awaitHidden("#interrupted");
        awaitAllReady(60);
        assertEachIsStoredOnce(60, earlier);
    }

    @Test
    void uploadsOfOneTabAreNotTouchedByAnother() throws Exception {
        String first = PAGE.browser.driver.getWindowHandle();
        PAGE.browser.network(20_000);
        PAGE.choose(8, NOISE);
        PAGE.awaitCount(3, "uploading");

        PAGE.browser.driver.switchTo().newWindow(WindowType.TAB);
        try {
            PAGE.visit();
            PAGE.card("8.png", "queued");
            assertThat(PAGE.isDisplayed("#interrupted")).isFalse();
            assertThat(PAGE.isDisplayed(PAGE.card("8.png", "queued"), ".cancel"))
                    .isFalse();
            assertThat(PAGE.warnsBeforeLeaving()).isFalse();
            PAGE.choose("of the second tab.png", PICTURE);
            PAGE.card("of the second tab.png", "ready");
        } finally {
            PAGE.browser.driver.close();
            PAGE.browser.driver.switchTo().window(first);
        }

        PAGE.browser.online();
        PAGE.card("of the second tab.png", "ready");
        awaitAllReady(9);
    }

    @Test
    void uploadsOfAClosedTabAreOfferedInAnother() throws Exception {
        String first = PAGE.browser.driver.getWindowHandle();
        PAGE.browser.driver.switchTo().newWindow(WindowType.TAB);
        PAGE.visit();
        FaultProxy.Rule held = PIPELINE.holdUploads();
        PAGE.choose(3, NOISE);
        PAGE.awaitCount(3, "uploading");

        PAGE.browser.run("window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)");
        PAGE.browser.driver.close();
        PAGE.browser.driver.switchTo().window(first);

        PAGE.awaitCount(3, "interrupted");
        held.remove();
        PAGE.click("#resume");
        awaitAllReady(3);
    }

    @Test
    void twoThousandEntriesAreListed() {
        PAGE.browser.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        PAGE.browser.driver.executeAsyncScript("""
                indexedDB.databases().then(([{ name }]) => {
                    const opening = indexedDB.open(name);
                    opening.onsuccess = () => {
                        const transaction = opening.result.transaction('entries', 'readwrite');
                        for (let id = 1; id <= 2000; id++) {
                            transaction.objectStore('entries').put({ id, key: `missing/${id}.png`, name: `${id}.png`,
                                bytes: 1000, type: 'image/png', state: 'failed', problem: { code: 'Cancelled' } });
                        }
                        transaction.oncomplete = () => {
                            opening.result.close();
                            arguments[0]();
                        };
                    };
                });
                """);
        PAGE.reload();
        UploadPage.await(() -> PAGE.isDisplayed("#count")
                && PAGE.browser.find("#count").getText().contains("2,000"));

        assertThat(PAGE.names()).hasSize(48).startsWith("2000.png", "1999.png");
        PAGE.click("#more");
        UploadPage.await(() -> PAGE.names().size() == 96);
        assertThat(PAGE.names()).startsWith("2000.png").endsWith("1905.png");
        PAGE.click("2000.png", "failed", ".remove");
        UploadPage.await(() -> PAGE.browser.find("#count").getText().contains("1,999"));
        PAGE.click("#clear");
        assertThat(PAGE.browser.find("#clear-dialog").getText()).contains("1,999");
        PAGE.click("#clear-all");
        UploadPage.await(() -> PAGE.names().isEmpty());
        PAGE.reload();
        assertThat(PAGE.names()).isEmpty();
    }

    @Test
    void clearingKeepsUnfinishedUploadsIfWanted() throws Exception {
        PAGE.choose("finished.png", PICTURE);
        PAGE.card("finished.png", "ready");
        PAGE.browser.network(5_000);
        PAGE.choose(5, NOISE);
        PAGE.awaitCount(3, "uploading");

        PAGE.click("#clear");
        PAGE.awaitDisplayed("#clear-dialog");
        assertThat(PAGE.browser.find("#clear-dialog").getText()).contains("6").contains("5");
        PAGE.click("#clear-finished");

        PAGE.awaitCount(0, "ready");
        assertThat(PAGE.names()).hasSize(5);
        PAGE.click("#clear");
        PAGE.click("#clear-all");
        UploadPage.await(() -> PAGE.names().isEmpty());
        assertThat(PAGE.warnsBeforeLeaving()).isFalse();
        PAGE.browser.online();
        PAGE.choose("later.png", PICTURE);
        PAGE.card("later.png", "ready");
        PAGE.reload();
        PAGE.card("later.png", "ready");
        assertThat(PAGE.names()).as("cancelled uploads do not come back").containsExactly("later.png");
    }

    @Test
    void listOfTheFirstVersionIsAdopted() throws Exception {
        PIPELINE.upload("a.png", PICTURE);
        PIPELINE.upload("b.png", PICTURE);
        PIPELINE.awaitThumbnail("b.png");
        PAGE.browser.run(
                "localStorage.setItem(`thumbnails dev/${arguments[0]}`, JSON.stringify([{ key: 'b.png', name: 'B' },"
                        + " { key: 'a.png', name: 'A' }, { key: 'gone.png', name: 'Gone' }]))",
                PIPELINE.resources.originals());

        PAGE.reload();

        PAGE.card("A", "ready");
        PAGE.card("B", "ready");
        PAGE.card("Gone", "failed");
        PAGE.reload();
        PAGE.card("B", "ready");
        assertThat(PAGE.names()).hasSize(3);
        assertThat(PAGE.browser.run("return localStorage.length")).isEqualTo(0L);
    }

    @Test
    void pageWorksWithoutADatabase() throws Exception {
        Object script = PAGE.browser.runBefore("Object.defineProperty(window, 'indexedDB', { value: undefined })");
        try {
            PAGE.visit();
            PAGE.choose("a.png", PICTURE);
            PAGE.card("a.png", "ready");

            PAGE.awaitDisplayed("#unkept");
        } finally {
            PAGE.browser.doNotRunBefore(script);
        }
        PAGE.reload();
        assertThat(PAGE.isDisplayed("#unkept")).isFalse();
    }

    private static void awaitAllReady(int count) {
        Pipeline.await().untilAsserted(() -> {
            List<WebElement> more = PAGE.browser.driver.findElements(By.cssSelector("#more:not([hidden])"));
            more.stream().filter(WebElement::isDisplayed).forEach(WebElement::click);
            assertThat(PAGE.count("ready")).isEqualTo(count);
        });
    }

    /** Checks that no original of 1.png and so on was stored with two keys. */
    private static void assertEachIsStoredOnce(int count, List<String> earlier) {
        Stream<String> keys = PIPELINE.keys(PIPELINE.resources.originals()).stream()
                .filter(key -> key.matches(".*/\\d+\\.png") && !earlier.contains(key));
        List<String> names =
                keys.map(key -> key.substring(key.lastIndexOf('/') + 1)).toList();
        assertThat(new HashSet<>(names)).as("pictures").hasSize(count);
        assertThat(names).as("originals").doesNotHaveDuplicates();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;

/** Tests the page for operators in a real browser. Each test has failures with a prefix or a reason of its own. */
@Tag("long")
class OperatePageIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 60, 40);
    private static final byte[] NO_PHOTO = "no picture".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HALF_PHOTO = Arrays.copyOf(Pictures.noise(ImageFormat.JPEG, 200, 100), 5000);

    private static Browser browser;
    private static OperatePage page;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        page = new OperatePage(browser, PIPELINE);
        PIPELINE.disableNotifications();
    }

    @AfterAll
    static void quit() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void assertNoConsoleMessages() {
        page.assertNoConsoleMessages();
        page.awaitNoRedrive();
    }

    @Test
    void failuresAreCountedByReasonAndFoundByPrefix() {
        page.record("found/a.jpg", "MissingLibrary");
        page.record("found/b.jpg", "MissingLibrary");
        page.record("found/c.jpg", "ObjectArchived");

        page.visit();

        assertThat(page.text("#reasons [data-reason=MissingLibrary]"))
                .startsWith("2")
                .contains("Roll back");
        assertThat(page.text("#reasons [data-reason=ObjectArchived]"))
                .startsWith("1")
                .contains("Restore it in S3");
        assertThat(page.text("#verdict .bad")).contains("although nothing is wrong with them");
        page.search("found/", "").awaitKeys("found/a.jpg", "found/b.jpg", "found/c.jpg");
        page.search("found/", "MissingLibrary").awaitKeys("found/a.jpg", "found/b.jpg");
        page.search("found/c", "MissingLibrary").awaitKeys();
    }

    @Test
    void moreFailuresThanAPageAreListedOnce() {
        String[] keys = new String[120];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "many/" + i + ".jpg";
            page.record(keys[i], "TooManyPixels");
        }
        page.visit().search("many/", "");
        Pipeline.await().until(() -> page.text("#shown").startsWith("50 of 120"));

        page.click("#failures-more");
        Pipeline.await().until(() -> !page.text("#shown").startsWith("50 "));
        while (browser.find("#failures-more").isDisplayed()) {
            String before = page.text("#shown");
            page.click("#failures-more");
            Pipeline.await().until(() -> !page.text("#shown").equals(before));
        }

        page.awaitKeys(keys);
    }

    @Test
    void detailsHaveAllFieldsAndWhatToDo() {
        page.record("details/a.jpg", "NotEnoughMemory");
        page.visit().search("details/", "").awaitKeys("details/a.jpg");

        page.failure("details/a.jpg", ".details").click();

        assertThat(page.text("#details"))
                .contains("details/a.jpg", PIPELINE.resources.originals(), "<b>It</b> failed", "NotEnoughMemory")
                .contains("Give the workers more memory");
    }

    @Test
    void nothingIsChangedUntilChangesAreAllowed() {
        page.record("locked/a.jpg", "WorkerOverloaded");
        page.visit().search("locked/", "").awaitKeys("locked/a.jpg");
        assertThat(browser.driver.findElements(By.cssSelector(".action:enabled")))
                .isEmpty();
        assertThat(browser.find("#read-only").isDisplayed()).isTrue();

        browser.run("""
                document.querySelectorAll('.action').forEach((button) => {
                    button.click();
                    button.disabled = false; // by the developer tools
                    button.click();
                });
                document.querySelector('#confirm-yes').click();
                document.querySelector('#reconcile-form').requestSubmit();
                """);
        browser.driver.executeAsyncScript("setTimeout(arguments[0], 1000)");

        assertThat(page.changes()).isEmpty();
        page.visit().unlock().search("locked/", "").awaitKeys("locked/a.jpg");
        assertThat(page.failure("locked/a.jpg", ".retry-one").isEnabled()).isTrue();
        browser.driver.navigate().refresh();
        page.awaitLoaded();
        assertThat(browser.find("#unlock").isSelected()).isFalse();
    }

    @Test
    void oneFailureIsRetried() {
        page.fail(NO_PHOTO, "one/a.jpg", "one/b.jpg");
        PIPELINE.store("one/a.jpg", PHOTO);
        page.visit().unlock().search("one/", "").awaitKeys("one/a.jpg", "one/b.jpg");

        page.failure("one/a.jpg", ".retry-one").click();

        page.awaitRun("redrive", "done");
        assertThat(page.text("#redrive [data-count=moved]")).isEqualTo("1");
        PIPELINE.awaitThumbnail("one/a.jpg");
        page.awaitKeys("one/b.jpg");
        assertThat(page.changes()).containsExactly("POST /operate/redrive {\"keys\":[\"one/a.jpg\"]}");
    }

    @Test
    void selectedFailuresAreRetriedAndComeBackIfTheyFailAgain() {
        page.fail(NO_PHOTO, "some/a.jpg", "some/b.jpg", "some/c.jpg");
        PIPELINE.store("some/a.jpg", PHOTO);
        page.visit().unlock().search("some/", "").awaitKeys("some/a.jpg", "some/b.jpg", "some/c.jpg");
        page.failure("some/a.jpg", ".select").click();
        page.failure("some/b.jpg", ".select").click();

        page.click("#retry-selected");
        assertThat(page.await("#confirm").getText()).contains("Pictures to retry: 2");
        page.click("#confirm-no");
        assertThat(page.changes()).isEmpty();
        page.click("#retry-selected");
        page.click("#confirm-yes");

        page.awaitRun("redrive", "done");
        PIPELINE.awaitThumbnail("some/a.jpg");
        Pipeline.await().until(() -> page.text("#failures").contains("failed again"));
        page.awaitKeys("some/b.jpg", "some/c.jpg");
        assertThat(page.failure("some/b.jpg", "strong")).isNotNull();
        assertThat(page.failure("some/c.jpg", "strong")).isNull();
    }

    @Test
    void allFailuresOfAReasonAreRetried() {
        page.fail(HALF_PHOTO, "reason/a.jpg", "reason/b.jpg");
        PIPELINE.store("reason/a.jpg", PHOTO);
        PIPELINE.store("reason/b.jpg", PHOTO);
        page.visit().unlock();

        page.click("[data-reason=CorruptImage] .retry-reason");
        assertThat(page.await("#confirm").getText())
                .contains("Pictures to retry: 2, all that failed with CorruptImage", "probably fail again");
        page.click("#confirm-yes");

        page.awaitRun("redrive", "done");
        PIPELINE.awaitThumbnail("reason/a.jpg");
        PIPELINE.awaitThumbnail("reason/b.jpg");
        Pipeline.await()
                .until(() -> page.text("#reasons [data-reason=CorruptImage]").isEmpty());
    }
}

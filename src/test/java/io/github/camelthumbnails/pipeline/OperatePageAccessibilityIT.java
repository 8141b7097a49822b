// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the page for operators with axe-core in each of its states. */
@Tag("long")
class OperatePageAccessibilityIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static Browser browser;
    private static OperatePage page;
    private static Main closed;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        page = new OperatePage(browser, PIPELINE);
        closed = PIPELINE.anotherApplication(
                Map.of("app.roles", "operate", "operate.keyRequired", "true", "operate.keys", "a-key-of-an-operator"));
        PIPELINE.disableNotifications();
        page.record("axe/a.jpg", "MissingLibrary");
        page.record("axe/b.jpg", "TooManyPixels");
        page.record("axe/c.jpg", "CorruptImage");
    }

    @AfterAll
    static void quit() {
        if (closed != null) {
            closed.stop();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"light, 390", "light, 1200", "dark, 390", "dark, 1200"})
    void axeFindsNothing(String colours, int width) {
        browser.media("prefers-color-scheme", colours);
        browser.width(width);
        page.open(Pipeline.port(closed));
        page.await("#key");
        assertNoViolations("key");

        page.visit();
        page.awaitKeys("axe/a.jpg", "axe/b.jpg", "axe/c.jpg");
        assertNoViolations("read-only");

        page.failure("axe/a.jpg", ".details").click();
        page.await("#details");
        assertNoViolations("details");
        page.click("#details-close");

        page.unlock();
        page.click("#select-all");
        page.click("#retry-selected");
        page.await("#confirm");
        assertNoViolations("confirmation");
        page.click("#confirm-yes");
        page.awaitRun("redrive", "done");
        page.click("#reconcile-start");
        page.awaitRun("reconcile", "done");
        assertNoViolations("unlocked, with runs");

        browser.run("window.fetch = async () => new Response('{\"detail\":\"It stops.\"}', { status: 503 })");
        page.click("#reconcile-start");
        page.await("#problem");
        assertNoViolations("problem");
    }

    private static void assertNoViolations(String state) {
        assertThat(Axe.violations(browser)).as(state).isEmpty();
    }
}

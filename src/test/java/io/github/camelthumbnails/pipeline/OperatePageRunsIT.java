// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.operate.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Tests the reconcile of the page for operators, and that everybody can use the page: with any key, width, language and keyboard. */
@Tag("long")
class OperatePageRunsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 60, 40);

    /** The longest possible key, with everything that may confuse a page. */
    private static final String HOSTILE =
            longest("hostile/<img src=x onerror=alert(1)>\u202egpj.exe\u0007\"'&#x41;{count} ");

    private static Browser browser;
    private static OperatePage page;
    private static Instant planted;

    private static String longest(String start) {
        return start + "w".repeat(1024 - start.getBytes(StandardCharsets.UTF_8).length);
    }

    @BeforeAll
    static void open() {
        browser = Browser.open();
        page = new OperatePage(browser, PIPELINE);
        PIPELINE.disableNotifications();
        PIPELINE.store("gaps/a.jpg", PHOTO);
        planted = Instant.now();
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
    void gapIsFoundByADryRunAndFilled() {
        Instant old = planted.plusSeconds(62); // a reconcile skips younger originals
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> Instant.now().isAfter(old));
        page.visit().unlock();
        assertThat(page.text("#reconcile-price")).contains("Each million originals costs about $");
        browser.find("#reconcile-prefix").sendKeys("gaps/");

        page.click("#reconcile-start");

        page.awaitRun("reconcile", "done");
        assertThat(page.text("#reconcile [data-count=missing]")).startsWith("1").contains("gaps/a.jpg");
        assertThat(page.text("#reconcile .message")).contains("Events for all gaps (1) cost up to $");
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails())).doesNotContain("resized-gaps/a.jpg");
        assertThat(browser.find("#reconcile-next").getText()).isEqualTo("Send events for the gaps: 1");
        page.click("#reconcile-next");
        assertThat(page.await("#confirm").getText())
                .contains(
                        "Events to send: up to 1",
                        "Keys that begin with: gaps/",
                        "Begin with the first key",
                        "Up to 1 events cost about $");
        page.click("#confirm-yes");
        PIPELINE.awaitThumbnail("gaps/a.jpg");
        Pipeline.await().until(() -> page.text("#reconcile [data-count=sent]").equals("1"));
        assertThat(page.changes())
                .containsExactly(
                        "POST /operate/reconcile {\"prefix\":\"gaps/\",\"deleteOrphans\":false,\"restart\":false,\"dryRun\":true}",
                        "POST /operate/reconcile {\"prefix\":\"gaps/\",\"deleteOrphans\":false,\"restart\":true,\"max\":1}");
    }

    @Test
    void deletionOfOrphansIsConfirmed() {
        page.visit().unlock();
        browser.find("#reconcile-max").sendKeys("2500");
        browser.find("#reconcile-orphans").click();

        page.click("#reconcile-start");

        assertThat(page.await("#confirm").getText())
                .contains("Events to send: up to 2,500", "Cannot be undone", "Up to 2,500 events cost about $");
        new Actions(browser.driver).sendKeys(Keys.ESCAPE).perform();
        Pipeline.await().until(() -> !browser.find("#confirm").isDisplayed());
        assertThat(page.changes()).isEmpty();
    }

    @Test
    void runOfSomebodyElseIsShownAndCanBeCancelled() throws Exception {
        Main slow = PIPELINE.anotherApplication(
                Map.of("app.roles", "operate", "camel.main.routesExcludePattern", "**/reconcile-originals.camel.yaml"));
        try {
            RouteBuilder.addRoutes(
                    slow.getCamelContext(),
                    routes -> routes.from("direct:reconcile-originals").process(exchange -> {
                        Operation operation = exchange.getProperty("operation", Operation.class);
                        operation.count("originals", 1234);
                        operation.reached("<i>m.jpg");
                        Awaitility.await().atMost(Duration.ofMinutes(2)).until(operation::isCancelled);
                    }));
            page.open(Pipeline.port(slow)).awaitLoaded().unlock();
            browser.run("fetch('/operate/reconcile', { method: 'POST', body: '{\"dryRun\":true}',"
                    + " headers: { 'content-type': 'application/json' } })");
            page.awaitRun("reconcile", "running");
            Pipeline.await()
                    .until(() -> page.text("#reconcile").contains("1,234")
                            && page.text("#reconcile").contains("<i>m.jpg"));

            page.click("#reconcile-start");
            Pipeline.await().until(() -> page.text("#live").contains("an earlier run has not ended yet"));
            assertThat(browser.find("#problem").isDisplayed()).isFalse();
            page.click("#reconcile-cancel");

            page.awaitRun("reconcile", "cancelled");
            assertThat(page.text("#reconcile-cancel")).isEmpty();
        } finally {
            slow.stop();
        }
    }

    @Test
    void keyOfAnOperatorIsRequested() {
        Main closed = PIPELINE.anotherApplication(
                Map.of("app.roles", "operate", "operate.keyRequired", "true", "operate.keys", "a-key-of-an-operator"));
        try {
            page.open(Pipeline.port(closed));
            page.await("#key").sendKeys("wrong" + Keys.ENTER);
            Pipeline.await().until(() -> page.text("#key-hint").contains("does not accept this key"));
            assertThat(browser.find("#page").isDisplayed()).isFalse();
            browser.find("#key").sendKeys("a-key-of-an-operator" + Keys.ENTER);

            page.awaitLoaded();
            assertThat(browser.find("#key-form").isDisplayed()).isFalse();
            browser.driver.navigate().refresh();
            page.awaitLoaded(); // without asking again
        } finally {
            closed.stop();
        }
    }

    @Test
    void everythingCanBeDoneWithTheKeyboard() {
        page.fail("no picture".getBytes(StandardCharsets.UTF_8), "keyboard/a.jpg");
        PIPELINE.store("keyboard/a.jpg", PHOTO);
        page.visit();

        tabTo("#unlock");
        press(Keys.SPACE);
        tabTo("#prefix");
        press("keyboard/", Keys.ENTER);
        page.awaitKeys("keyboard/a.jpg");
        tabTo(".details");
        press(Keys.ENTER);
        page.await("#details");
        press(Keys.ESCAPE);
        Pipeline.await().until(() -> !browser.find("#details").isDisplayed());
        tabTo(".retry-one");
        press(Keys.ENTER);

        PIPELINE.awaitThumbnail("keyboard/a.jpg");
        page.awaitKeys();
    }

    private static void press(CharSequence... keys) {
        new Actions(browser.driver).sendKeys(keys).perform();
    }

    /** Presses the tabulator until an element has the focus. */
    private static void tabTo(String selector) {
        for (int i = 0; i < 80; i++) {
            press(Keys.TAB);
            if ((boolean) browser.run("return document.activeElement.matches(arguments[0])", selector)) {
                return;
            }
        }
        throw new AssertionError("The keyboard does not reach " + selector);
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1200})
    void anyKeyIsShownInAnyWidth(int width) {
        page.record(HOSTILE, "InternalError");
        browser.width(width);
        try {
            page.visit().search("hostile/", "").awaitKeys(HOSTILE);
            page.failure(HOSTILE, ".details").click();

            assertThat(page.text("#details-key"))
                    .startsWith("hostile/<img src=x onerror=alert(1)>\\u202egpj.exe\\u0007\"'&#x41;{count}");
            assertThat(browser.driver.findElements(By.cssSelector("#failures img, #details img, #details b")))
                    .isEmpty();
            assertThat(List.of("document.documentElement", "document.querySelector('#details')"))
                    .allSatisfy(element -> assertThat(
                                    browser.run("return %1$s.scrollWidth - %1$s.clientWidth".formatted(element)))
                            .as("horizontal overflow in pixels")
                            .isEqualTo(0L));
        } finally {
            browser.width(0);
        }
    }

    @Test
    void pageSpeaksKorean() {
        page.record("korean/a.jpg", "AccessDenied");
        language("ko-KR");
        try {
            page.visit().search("korean/", "").awaitKeys("korean/a.jpg");

            assertThat(browser.run("return document.documentElement.lang")).isEqualTo("ko");
            assertThat(page.text("#reasons [data-reason=AccessDenied]")).contains("키 정책을 고친 뒤");
            assertThat(page.text("#page").replaceAll("\\p{Sc}.*|[^\\p{L}]+", " "))
                    .doesNotContain("Retry", "Queue", "undefined");
        } finally {
            language("en-US");
        }
    }

    private static void language(String tag) {
        browser.driver.executeCdpCommand(
                "Emulation.setUserAgentOverride",
                Map.of("userAgent", browser.run("return navigator.userAgent"), "acceptLanguage", tag));
    }
}

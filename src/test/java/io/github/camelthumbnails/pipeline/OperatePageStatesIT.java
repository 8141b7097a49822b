// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** Tests what the page for operators says about states of the service, some of which the browser only pretends. */
@Tag("long")
class OperatePageStatesIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    /** Answers requests instead of the service, and lets time pass. */
    private static final String PRETEND = """
            const { fetch: send, Date: { now } } = window;
            window.answers = JSON.parse(sessionStorage.getItem('answers') ?? '{}');
            window.passed = 0;
            Date.now = () => now() + window.passed;
            window.fetch = async (path, options) => {
                const answer = window.answers[`${options?.method ?? 'GET'} ${String(path).split('?')[0]}`];
                return answer ? new Response(JSON.stringify(answer.body), { status: answer.status }) : send(path, options);
            };
            """;

    private static final String QUEUES = "GET /operate/queues";
    private static final String RECONCILE = "GET /operate/reconcile";

    private static Browser browser;
    private static OperatePage page;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        browser.runBefore(PRETEND);
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

    /** Opens the page with an answer to its first request. */
    private static void openWith(String request, int status, String body) {
        page.open(PIPELINE.httpPort);
        browser.run(
                "sessionStorage.setItem('answers', JSON.stringify({ [arguments[0]]: { status: arguments[1], body: JSON.parse(arguments[2]) } }))",
                request,
                status,
                body);
        page.open(PIPELINE.httpPort);
    }

    private static void answer(String request, int status, String body) {
        browser.run(
                "window.answers[arguments[0]] = { status: arguments[1], body: JSON.parse(arguments[2]) }",
                request,
                status,
                body);
    }

    private static String queues(String events) {
        return "{\"queues\":[{\"name\":\"events\"," + events + "},"
                + "{\"name\":\"dead\",\"waiting\":0,\"inFlight\":0,\"delayed\":0,\"oldestSeconds\":null}]}";
    }

    @Test
    void nothingIsFineBeforeTheFailuresAreKnown() {
        openWith("GET /operate/failures/summary", 503, "{\"detail\":\"The table is throttled.\"}");
        Pipeline.await().until(() -> page.text("#verdict").contains("could not be loaded"));
        Pipeline.await()
                .until(() -> page.text("#queues").contains("Waiting")
                        && !page.text("#queues [data-queue=events]").isEmpty());
        assertThat(page.text("#verdict")).contains("The table is throttled.").doesNotContain("Nothing needs you");
        assertThat(page.text("#shown")).isEqualTo("not loaded");

        browser.run("window.answers = {}; window.passed = 20000");

        page.awaitLoaded();
        assertThat(page.text("#verdict")).doesNotContain("could not be loaded");
    }

    @Test
    void nothingIsFineWhileTheAgeOfWaitingEventsIsUnknown() {
        openWith(
                QUEUES,
                200,
                queues("\"waiting\":50000,\"inFlight\":0,\"delayed\":0,\"oldestSeconds\":null,"
                        + "\"ageProblem\":\"cloudwatch:GetMetricData is not allowed\""));
        page.awaitLoaded();

        assertThat(page.text("#verdict"))
                .contains("nobody knows how long: 50,000")
                .doesNotContain("Nothing needs you");
        assertThat(page.text("#queues [data-queue=events]")).contains("cloudwatch:GetMetricData is not allowed");
    }

    @Test
    void nothingIsFineWhileTheQueuesCannotBeLoaded() {
        page.visit();

        answer(QUEUES, 503, "{\"detail\":\"The service starts.\"}");
        browser.run("window.passed += 11000");

        Pipeline.await().until(() -> page.text("#problem").contains("The service starts."));
        assertThat(page.text("#verdict")).contains("unknown").doesNotContain("Nothing needs you");
        browser.run("window.answers = {}; window.passed += 11000");
        Pipeline.await().until(() -> !browser.find("#problem").isDisplayed());
        assertThat(page.text("#verdict")).doesNotContain("The state of a queue is unknown");
    }

    @Test
    void newFailuresAppearWithoutLosingWhatIsListedAndSelected() {
        for (int i = 0; i < 60; i++) {
            page.record("kept/" + i + ".jpg", "MissingLibrary");
        }
        page.visit().unlock().search("kept/", "");
        Pipeline.await().until(() -> page.text("#shown").startsWith("50 of 60"));
        page.failure("kept/59.jpg", ".select").click();
        browser.find("#prefix").clear();
        browser.find("#prefix").sendKeys("other/"); // without searching
        page.click("#failures-more");
        Pipeline.await().until(() -> page.text("#shown").startsWith("60 of 60"));
        page.failure("kept/0.jpg", ".select").click();

        page.record("kept/new.jpg", "MissingLibrary");
        browser.run("window.passed += 61000");

        Pipeline.await().until(() -> page.text("#shown").startsWith("61 of 61"));
        assertThat(page.failure("kept/new.jpg", ".details")).isNotNull();
        assertThat(page.failure("kept/0.jpg", ".select").isSelected()).isTrue();
        assertThat(page.text("#retry-selected")).isEqualTo("Retry selected: 2");
    }

    @Test
    void selectionStaysIfAnotherRedriveIsRunning() {
        page.record("busy/a.jpg", "MissingLibrary");
        page.record("busy/b.jpg", "MissingLibrary");
        page.visit().unlock().search("busy/", "").awaitKeys("busy/a.jpg", "busy/b.jpg");
        answer("POST /operate/redrive", 409, "{\"detail\":\"A redrive is running.\"}");
        page.click("#select-all");
        page.click("#retry-selected");

        page.click("#confirm-yes");

        Pipeline.await().until(() -> page.text("#live").contains("an earlier run has not ended yet"));
        assertThat(page.text("#retry-selected")).isEqualTo("Retry selected: 2");
        assertThat(page.failure("busy/a.jpg", ".select").isSelected()).isTrue();
    }

    @Test
    void runThatItsProcessHasLostStaysVisible() {
        String run = "{\"id\":\"1\",\"kind\":\"reconcile\",\"dryRun\":false,\"state\":\"running\",\"cancelled\":false,"
                + "\"counts\":{\"originals\":5},\"examples\":{},\"position\":\"m.jpg\",\"message\":\"\","
                + "\"startedAt\":\"2026-01-31T08:00:00Z\",\"endedAt\":null}";
        openWith(RECONCILE, 200, run);
        page.awaitRun("reconcile", "running");

        answer(RECONCILE, 404, "{\"detail\":\"No reconcile was started in this process since it runs.\"}");

        page.awaitRun("reconcile", "lost");
        assertThat(page.text("#reconcile")).contains("has restarted", "a reconcile continues");
        assertThat(page.text("#reconcile-cancel")).isEmpty();
    }

    @Test
    void expiredMessagesAreExplained() {
        page.record("expired/a.jpg", "ResourceMissing");
        page.visit().unlock();

        page.click("[data-reason=ResourceMissing] .retry-reason");

        page.awaitRun("redrive", "done");
        assertThat(page.text("#redrive")).contains("had no message on the queue");
    }

    @Test
    void deadLettersAreRetried() {
        PIPELINE.store("dead/a.jpg", Pictures.quarters(ImageFormat.JPEG, 60, 40));
        String event = PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), "dead/a.jpg");
        String dead = PIPELINE.url(PIPELINE.resources.dead());
        PIPELINE.sqs.sendMessage(request -> request.queueUrl(dead).messageBody("{\"Records\":[" + event + "]}"));
        page.visit().unlock();
        Pipeline.await().until(() -> page.text("#verdict").contains("Messages on the dead-letter queue: 1"));

        page.click(".retry-dead");
        assertThat(page.await("#confirm").getText()).contains("dead-letter queue", ": 1.");
        page.click("#confirm-no");
        assertThat(page.changes()).isEmpty();
        page.click(".retry-dead");
        page.click("#confirm-yes");

        page.awaitRun("redrive", "done");
        PIPELINE.awaitThumbnail("dead/a.jpg");
        assertThat(page.changes()).containsExactly("POST /operate/redrive {\"source\":\"dead\"}");
        Pipeline.await().until(() -> page.text(".retry-dead").isEmpty());
    }

    @Test
    void problemIsShownWhereOneLooks() {
        for (int i = 0; i < 40; i++) {
            page.record("far/" + i + ".jpg", "MissingLibrary");
        }
        page.visit().unlock().search("far/", "");
        Pipeline.await().until(() -> page.text("#shown").startsWith("40 of 40"));
        answer("POST /operate/redrive", 503, "{\"detail\":\"The service stops.\"}");
        browser.run("document.querySelector('#failures tr:last-child .retry-one').focus()");

        browser.driver.switchTo().activeElement().sendKeys(Keys.ENTER);

        Pipeline.await().until(() -> page.text("#problem").contains("The service stops."));
        assertThat((boolean) browser.run("const { top, bottom } = document.querySelector('#problem')"
                        + ".getBoundingClientRect(); return top >= 0 && bottom <= innerHeight"))
                .isTrue();
    }
}

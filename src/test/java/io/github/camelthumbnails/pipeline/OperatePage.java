// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogType;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Uses the page for operators like a person who works with the mouse. */
final class OperatePage {

    private final Browser browser;
    private final Pipeline pipeline;

    OperatePage(Browser browser, Pipeline pipeline) {
        this.browser = browser;
        this.pipeline = pipeline;
    }

    /** Makes the worker report failures, and waits for their records and messages. */
    void fail(byte[] original, String... keys) {
        int messages = pipeline.count(pipeline.resources.failures());
        for (String key : keys) {
            pipeline.store(key, original);
            pipeline.send("{\"Records\":[" + pipeline.record("ObjectCreated:Put", pipeline.resources.originals(), key)
                    + "]}");
        }
        Pipeline.await()
                .until(() -> List.of(keys).stream()
                        .noneMatch(key -> pipeline.failedItem(key).isEmpty()));
        Pipeline.await().until(() -> pipeline.count(pipeline.resources.failures()) == messages + keys.length);
    }

    /** Records a failure without a message. */
    void record(String key, String reason) {
        record(key, reason, "<b>It</b> failed", "e", Instant.now());
    }

    /** Records a failure of an original with an ETag at a time, without a message. */
    void record(String key, String reason, String error, String eTag, Instant failedAt) {
        pipeline.dynamoDb.putItem(request -> request.tableName(pipeline.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS(key),
                        "bucket", AttributeValue.fromS(pipeline.resources.originals()),
                        "reason", AttributeValue.fromS(reason),
                        "error", AttributeValue.fromS(error),
                        "eTag", AttributeValue.fromS(eTag),
                        "failedAt", AttributeValue.fromS(failedAt.toString()))));
    }

    /** Opens the page of the application, and waits until it is complete. */
    OperatePage visit() {
        return open(pipeline.httpPort).awaitLoaded();
    }

    void assertNoConsoleMessages() {
        assertThat(browser.driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("console messages, including violations of the content security policy")
                .filteredOn(message -> !message.getMessage().contains("Failed to load resource"))
                .isEmpty();
        browser.run("sessionStorage.clear()");
    }

    /** Waits until the redrive has ended, so that the next test can start one. */
    void awaitNoRedrive() {
        Pipeline.await()
                .until(() -> !new String(
                                pipeline.read("GET", "/operate/redrive").body(), StandardCharsets.UTF_8)
                        .contains("\"running\""));
    }

    /** Opens the page, and counts the requests that change something. */
    OperatePage open(int port) {
        browser.driver.get("http://127.0.0.1:" + port + "/operate");
        browser.run("""
                const send = window.fetch;
                window.changes = [];
                window.fetch = (path, options) => {
                    if (options?.method && options.method !== 'GET') {
                        window.changes.push(`${options.method} ${path} ${options.body ?? ''}`);
                    }
                    return send(path, options);
                };
                """);
        return this;
    }

    /** Waits until the page has loaded the failures and the queues. */
    OperatePage awaitLoaded() {
        await("#page");
        Pipeline.await()
                .until(() -> !text("#updated").isEmpty()
                        && !text("#failures-updated").isEmpty());
        return this;
    }

    /** Returns the requests that the page has sent to change something. */
    @SuppressWarnings("unchecked")
    List<String> changes() {
        return (List<String>) browser.run("return window.changes");
    }

    OperatePage unlock() {
        browser.find("#unlock").click();
        return this;
    }

    OperatePage search(String prefix, String reason) {
        browser.find("#reason option[value='" + reason + "']").click();
        browser.find("#prefix").clear();
        browser.find("#prefix").sendKeys(prefix + Keys.ENTER);
        return this;
    }

    /** Waits until exactly these failures are listed, in any order. */
    OperatePage awaitKeys(String... keys) {
        Pipeline.await().untilAsserted(() -> assertThat(keys()).containsExactlyInAnyOrder(keys));
        return this;
    }

    @SuppressWarnings("unchecked")
    private List<String> keys() {
        return (List<String>) browser.run(
                "return [...document.querySelectorAll('#failures [data-key]')].map(row => row.dataset.key)");
    }

    /** Returns something in the row of a failure. */
    WebElement failure(String key, String selector) {
        return (WebElement) browser.run(
                "return [...document.querySelectorAll('#failures [data-key]')]"
                        + ".find(row => row.dataset.key === arguments[0])?.querySelector(arguments[1])",
                key,
                selector);
    }

    /** Waits until an element is visible, and returns it. */
    WebElement await(String selector) {
        return Pipeline.await()
                .ignoreException(StaleElementReferenceException.class)
                .until(
                        () -> browser.driver.findElements(By.cssSelector(selector)).stream()
                                .filter(WebElement::isDisplayed)
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    void click(String selector) {
        await(selector).click();
    }

    String text(String selector) {
        return (String) browser.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector);
    }

    /** Waits until a run has ended in a state. */
    void awaitRun(String kind, String state) {
        await("#" + kind + "[data-state=" + state + "]");
    }
}

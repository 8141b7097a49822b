// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Does on the page for uploads what a user does, and finds what a user sees. */
final class UploadPage extends PageFixture {

    /** Opens the page of an application, in a browser with additional arguments. */
    UploadPage(Pipeline pipeline, String... arguments) {
        super(pipeline, arguments);
    }

    Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    void choose(Path... files) {
        browser.find("#files").sendKeys(Arrays.stream(files).map(Path::toString).collect(Collectors.joining("\n")));
    }

    /** Chooses a file with a content. */
    void choose(String name, byte[] content) throws IOException {
        choose(file(name, content));
    }

    /** Chooses a number of files that are named 1.png, 2.png and so on. */
    void choose(int count, byte[] content) throws IOException {
        Path[] files = new Path[count];
        for (int i = 0; i < count; i++) {
            files[i] = file((i + 1) + ".png", content);
        }
        choose(files);
    }

    /** Replaces the list by copies of its entry, which are named 1 and so on, and reloads the page. */
    void copyEntries(int count) {
        browser.run("""
                return indexedDB.databases().then(([{ name }]) => new Promise((resolve) => {
                    const opening = indexedDB.open(name);
                    opening.onsuccess = () => {
                        const entries = opening.result.transaction('entries', 'readwrite').objectStore('entries');
                        entries.getAll().onsuccess = ({ target }) => {
                            const [entry] = target.result;
                            entries.delete(entry.id);
                            for (let id = 1; id <= arguments[0]; id++) {
                                entries.put({ ...entry, id, name: String(id) });
                            }
                        };
                        entries.transaction.oncomplete = () => resolve(opening.result.close());
                    };
                }));
                """, count);
        reload();
        await(() -> browser.find("#count").getText().contains("%,d".formatted(count)));
    }

    /** Drops a file on an element, with the events that the operating system causes. */
    void drop(String selector, String name, byte[] content) {
        browser.run("""
                const bytes = Uint8Array.from(atob(arguments[2]), (character) => character.charCodeAt(0));
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([bytes], arguments[1]));
                for (const type of ['dragenter', 'dragover', 'drop']) {
                    document.querySelector(arguments[0]).dispatchEvent(
                        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
                }
                """, selector, name, Base64.getEncoder().encodeToString(content));
    }

    /** Pastes a file from the clipboard. */
    void paste(String name, String type, byte[] content) {
        browser.run("""
                const bytes = Uint8Array.from(atob(arguments[2]), (character) => character.charCodeAt(0));
                const clipboardData = new DataTransfer();
                clipboardData.items.add(new File([bytes], arguments[0], { type: arguments[1] }));
                document.body.dispatchEvent(
                    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
                """, name, type, Base64.getEncoder().encodeToString(content));
    }

    /** Waits until there is a card with a name in a state, and returns it. */
    WebElement card(String name, String state) {
        return Pipeline.await()
                .ignoreException(StaleElementReferenceException.class)
                .until(
                        () -> browser.driver.findElements(By.cssSelector("#list > .card." + state)).stream()
                                .filter(card -> name.equals(card.getDomAttribute("data-name")))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Returns the number of cards in a state. */
    int count(String state) {
        return browser.driver
                .findElements(By.cssSelector("#list > .card." + state))
                .size();
    }

    /** Waits until there are a number of cards in a state. */
    void awaitCount(int count, String state) {
        Pipeline.await()
                .untilAsserted(
                        () -> assertThat(count(state)).as(state + " cards").isEqualTo(count));
    }

    /** Returns the names on the cards, in their order. */
    @SuppressWarnings("unchecked")
    List<String> names() {
        return (List<String>)
                browser.run("return [...document.querySelectorAll('#list > .card h3')].map(it => it.innerText)");
    }

    /** Waits until the text of an element of a card, which may be replaced meanwhile, matches. */
    void awaitText(String name, String selector, String regex) {
        Pipeline.await()
                .untilAsserted(() -> assertThat((String) browser.run(
                                "return [...document.querySelectorAll('#list > .card')]"
                                        + ".find(card => card.dataset.name === arguments[0])"
                                        + "?.querySelector(arguments[1])?.innerText ?? ''",
                                name,
                                selector))
                        .containsPattern(regex));
    }

    /** Clicks a button of a card. */
    void click(String name, String state, String selector) {
        Pipeline.await().ignoreException(StaleElementReferenceException.class).until(() -> {
            card(name, state).findElement(By.cssSelector(selector)).click();
            return true;
        });
    }

    void click(String selector) {
        awaitDisplayed(selector);
        browser.find(selector).click();
    }

    boolean isDisplayed(String selector) {
        return browser.driver.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
    }

    boolean isDisplayed(WebElement card, String selector) {
        return card.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
    }

    void awaitDisplayed(String selector) {
        await(() -> isDisplayed(selector));
    }

    void awaitHidden(String selector) {
        await(() -> !isDisplayed(selector));
    }

    /** Waits until the announcement for screen readers matches. */
    void awaitLive(String regex) {
        Pipeline.await()
                .untilAsserted(
                        () -> assertThat((String) browser.run("return document.querySelector('#live').textContent"))
                                .containsPattern(regex));
    }

    static void await(Callable<Boolean> condition) {
        Pipeline.await().ignoreException(StaleElementReferenceException.class).until(condition);
    }

    /** Returns how many uploads were sent since the page was opened, cancelled ones included. */
    long uploadsSent() {
        return (long) browser.run("return performance.getEntriesByType('resource')"
                + ".filter(({ initiatorType }) => initiatorType === 'xmlhttprequest').length");
    }

    /** Returns the maximum number of uploads that were sent at the same time. */
    int maxUploadsInParallel() {
        List<?> times = (List<?>) browser.run("return performance.getEntriesByType('resource')"
                + ".filter(({ initiatorType }) => initiatorType === 'xmlhttprequest')"
                + ".map(({ startTime, responseEnd }) => [startTime + 0.01, responseEnd - 0.01])");
        List<double[]> uploads = times.stream()
                .map(upload -> ((List<?>) upload)
                        .stream()
                                .mapToDouble(time -> ((Number) time).doubleValue())
                                .toArray())
                .toList();
        return uploads.stream()
                .mapToInt(upload -> (int) uploads.stream()
                        .filter(other -> other[0] <= upload[0] && upload[0] <= other[1])
                        .count())
                .max()
                .orElse(0);
    }

    /** Returns whether the browser would ask before the page is left. */
    boolean warnsBeforeLeaving() {
        return (boolean) browser.run("const event = new Event('beforeunload', { cancelable: true });"
                + "window.dispatchEvent(event); return event.defaultPrevented");
    }

    void press(CharSequence... keys) {
        new Actions(browser.driver).sendKeys(keys).perform();
    }

    /** Presses the tab key, and returns a description of the element that is focused then. */
    String tab() {
        press(Keys.TAB);
        return focused();
    }

    /** Returns the accessible name of the focused element, or its identifier. */
    String focused() {
        WebElement focused = browser.driver.switchTo().activeElement();
        String id = focused.getDomAttribute("id");
        return id != null ? "#" + id : focused.getAccessibleName();
    }

    static List<String> pngs(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> i + ".png").toList();
    }
}

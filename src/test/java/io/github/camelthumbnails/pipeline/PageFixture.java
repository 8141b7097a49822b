// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.util.FileUtil;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.logging.LogType;

/**
 * Opens the page for uploads in a browser before each test of a class, with an empty list. After each test, checks that
 * the page has written nothing to the browser's console.
 */
abstract class PageFixture implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    Browser browser;
    Path directory;

    private final Pipeline pipeline;
    private final String[] arguments;

    PageFixture(Pipeline pipeline, String... arguments) {
        this.pipeline = pipeline;
        this.arguments = arguments;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (browser == null) {
            browser = Browser.open(arguments);
        }
        directory = Files.createTempDirectory("page");
        clear(pipeline.httpPort);
        visit();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (pipeline.faults != null) {
            pipeline.faults.reset();
        }
        FileUtil.removeDir(directory.toFile());
        browser.online();
        browser.width(0);
        browser.media("prefers-color-scheme", "");
        assertThat(browser.driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("console messages, including violations of the content security policy")
                .filteredOn(message -> !message.getMessage().contains("Failed to load resource"))
                // The browser asks only after a user has touched the page.
                .filteredOn(message -> !message.getMessage().contains("beforeunload"))
                .isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (browser != null) {
            browser.close();
        }
    }

    /** Waits until there are copies of a number of files in the browser's database. */
    void awaitCopies(int count) {
        browser.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        Pipeline.await().until(() -> browser.driver.executeAsyncScript("""
                const done = arguments[0];
                indexedDB.databases().then(([{ name }]) => {
                    const opening = indexedDB.open(name);
                    opening.onsuccess = () => {
                        const request = opening.result.transaction('files').objectStore('files').count();
                        request.onsuccess = () => {
                            opening.result.close();
                            done(request.result);
                        };
                    };
                });
                """).equals((long) count));
    }

    /** Kills the browser, which has its files in a directory. */
    void crash(Path files) {
        Browser.kill(files);
        try {
            browser.close();
        } catch (WebDriverException e) {
            // There is no browser any more.
        }
    }

    /** Starts the browser again, with the same arguments, and opens the page. */
    void reopen() {
        browser = Browser.open(arguments);
        visit();
    }

    /** Leaves the page, and removes all that the browser keeps for it. */
    void clear(int port) {
        if (browser.driver.getCurrentUrl().startsWith("http")) {
            browser.run("sessionStorage.clear()");
        }
        browser.driver.get("about:blank");
        browser.driver.executeCdpCommand(
                "Storage.clearDataForOrigin", Map.of("origin", "http://127.0.0.1:" + port, "storageTypes", "all"));
    }

    void visit() {
        visit(pipeline.httpPort);
    }

    /** Opens the page of the application on a port. */
    void visit(int port) {
        browser.driver.get("http://127.0.0.1:" + port + "/");
        // The limits are stated after the settings have been loaded.
        Pipeline.await().until(() -> !browser.find("#limits").getText().isEmpty());
    }

    void reload() {
        browser.driver.navigate().refresh();
        Pipeline.await().until(() -> !browser.find("#limits").getText().isEmpty());
    }
}

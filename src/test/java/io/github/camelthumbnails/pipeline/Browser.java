// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Controls a headless Chromium or Chrome. */
final class Browser implements AutoCloseable {

    final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts the installed browser with additional arguments. Skips the test if there is none, except in CI. */
    static Browser open(String... arguments) {
        Optional<Path> binary = installed("chromium", "chromium-browser", "google-chrome");
        Optional<Path> service = installed("chromedriver");
        if (binary.isEmpty() || service.isEmpty()) {
            String missing = "No chromium and chromedriver here (Debian: apt install chromium chromium-driver)";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(missing);
            }
            Assumptions.abort(missing);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(binary.get().toFile());
        options.addArguments("--headless=new", "--window-size=1000,800", "--disable-gpu", "--disable-dev-shm-usage");
        options.addArguments("--no-sandbox"); // Chromium does not support its sandbox for root
        options.addArguments(arguments);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(service.get().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(driver, options));
    }

    private static Optional<Path> installed(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Limits the speed of uploads in bytes per second; -1 removes the limit. */
    void network(int bytesPerSecond) {
        network(false, bytesPerSecond);
    }

    /** Interrupts all connections, and lets no new ones be made. */
    void offline() {
        network(true, 0);
    }

    /** Undoes {@link #offline} and {@link #network(int)}. */
    void online() {
        network(false, -1);
    }

    private void network(boolean offline, int bytesPerSecond) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", bytesPerSecond));
    }

    /** Sets the width of the page in CSS pixels; 0 restores that of the window. */
    void width(int pixels) {
        width(pixels, 800);
    }

    /** Sets the size of the page in CSS pixels. */
    void width(int pixels, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        pixels,
                        "height",
                        pixels == 0 ? 0 : height,
                        "deviceScaleFactor",
                        0,
                        "mobile",
                        pixels > 0 && pixels < 600));
    }

    /** Sets a media feature, such as {@code prefers-color-scheme}; an empty value restores the default. */
    void media(String feature, String value) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    /** Runs a script in each page before its own scripts. Returns an identifier for {@link #doNotRunBefore}. */
    Object runBefore(String script) {
        return driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                .get("identifier");
    }

    /** Undoes {@link #runBefore}. */
    void doNotRunBefore(Object identifier) {
        driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", identifier));
    }

    /** Kills the processes of a browser that has its files in a directory, as a crash does. */
    static void kill(Path directory) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("--user-data-dir=" + directory))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        driver.quit();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** Starts the installed browser. Skips the test if there is none, except in CI. */
    static Browser open() {
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
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", false, "latency", 0, "downloadThroughput", -1, "uploadThroughput", bytesPerSecond));
    }

    /** Sets the width of the page in CSS pixels; 0 restores that of the window. */
    void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", pixels == 0 ? 0 : 800, "deviceScaleFactor", 0, "mobile", pixels > 0));
    }

    @Override
    public void close() {
        driver.quit();
    }
}

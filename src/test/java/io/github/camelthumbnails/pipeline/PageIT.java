// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FreePort;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/** Tests the page at {@code /} in a real browser. */
class PageIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static Browser browser;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void quit() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void visit() {
        visit(PIPELINE.httpPort);
    }

    @AfterEach
    void assertNoConsoleMessages() {
        assertThat(browser.driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("console messages, including violations of the content security policy")
                .filteredOn(message -> !message.getMessage().contains("Failed to load resource"))
                .isEmpty();
        browser.run("localStorage.clear(); sessionStorage.clear()");
    }

    private static void visit(int port) {
        browser.driver.get("http://127.0.0.1:" + port + "/");
    }

    @Test
    void chosenPicturesGetTheirThumbnails() throws Exception {
        Path photo = file("red, green & blue.png", Pictures.quarters(ImageFormat.PNG, 60, 40));
        Path animation = file("한 😀.gif", Pictures.quarters(ImageFormat.GIF, 21, 30));

        choose(photo, animation);

        assertThat(text(entry("red, green & blue.png", "ready"), ".state")).startsWith("30 × 20, ");
        assertThat(text(entry("한 😀.gif", "ready"), ".state")).startsWith("10 × 15, ");
        assertThat(browser.run("""
                        const image = document.querySelector('img[alt="Thumbnail of red, green & blue.png"]');
                        const canvas = document.createElement('canvas');
                        canvas.width = image.naturalWidth;
                        canvas.height = image.naturalHeight;
                        const context = canvas.getContext('2d', { willReadFrequently: true });
                        context.drawImage(image, 0, 0);
                        return [[5, 5], [25, 5], [5, 15], [25, 15]]
                            .map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3).join());
                        """))
                .as("colours of the quarters")
                .isEqualTo(List.of("255,0,0", "0,255,0", "0,0,255", "255,255,0"));
        assertThat(browser.find("#live").getText()).endsWith(" is ready");
    }

    @Test
    void droppedPictureGetsItsThumbnail() {
        drop("dropped.jpg", Pictures.quarters(ImageFormat.JPEG, 80, 80));

        assertThat(text(entry("dropped.jpg", "ready"), ".state")).startsWith("40 × 40, ");
    }

    @Test
    void linksLeadToOriginalAndThumbnail() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.PNG, 60, 40);
        choose(file("100%?#.png", photo));

        WebElement entry = entry("100%?#.png", "ready");
        List<WebElement> links = entry.findElements(By.tagName("a"));

        assertThat(links).extracting(WebElement::getText).containsExactly("Thumbnail", "Original");
        String path = links.get(1).getDomAttribute("href");
        HttpResponse<byte[]> original = PIPELINE.read("GET", path);
        assertThat(original.body()).isEqualTo(photo);
        assertThat(original.headers().firstValue("Content-Type")).contains("image/png");
        String thumbnail = links.get(0).getDomAttribute("href");
        assertThat(Pictures.decode(PIPELINE.read("GET", thumbnail).body()).getWidth())
                .isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "notes.txt | no picture | This kind of picture is not supported here.",
                "empty.jpg | ''         | The body is empty"
            })
    void reasonOfAFailureIsShown(String name, String content, String reason) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, content);

        choose(file);

        assertThat(text(entry(name, "failed"), ".state")).contains(reason);
        assertThat(browser.find("#live").getText()).startsWith(name + ": ");
    }

    @Test
    void reasonForABrokenPictureIsShown() {
        byte[] photo = Pictures.noise(ImageFormat.JPEG, 200, 100);

        drop("half.jpg", Arrays.copyOf(photo, photo.length / 2));

        assertThat(text(entry("half.jpg", "failed"), ".state")).startsWith("The picture is broken or cut off");
    }

    @Test
    void progressIsShownAndAnUploadCanBeCancelledAndRetried() throws Exception {
        Path file = file("slow.bmp", Pictures.quarters(ImageFormat.BMP, 600, 400));
        browser.network(200_000);
        try {
            choose(file);
            WebElement entry = entry("slow.bmp", "uploading");
            Pipeline.await().until(() -> {
                double progress = Double.parseDouble(
                        entry.findElement(By.tagName("progress")).getDomProperty("value"));
                return progress > 0 && progress < 1;
            });
            assertThat(text(entry, ".state")).matches("Uploading, \\d+ %");
            entry.findElement(By.className("cancel")).click();
            assertThat(text(entry("slow.bmp", "failed"), ".state")).isEqualTo("Cancelled");
        } finally {
            browser.network(-1);
        }

        entry("slow.bmp", "failed").findElement(By.className("retry")).click();

        assertThat(text(entry("slow.bmp", "ready"), ".state")).startsWith("300 × 200");
    }

    @Test
    void listSurvivesAReloadUntilItIsCleared() throws Exception {
        choose(file("kept.png", Pictures.quarters(ImageFormat.PNG, 20, 20)));
        choose(file("left.png", Pictures.quarters(ImageFormat.PNG, 20, 20)));
        entry("kept.png", "ready");
        entry("left.png", "ready").findElement(By.className("remove")).click();

        browser.driver.navigate().refresh();

        entry("kept.png", "ready");
        assertThat(browser.driver.findElements(By.tagName("h3")))
                .extracting(WebElement::getText)
                .containsExactly("kept.png");
        browser.find("#clear").click();
        Pipeline.await().until(() -> browser.find("#empty").isDisplayed());
    }

    @Test
    void apiKeyIsRequestedOnce() throws Exception {
        int port = FreePort.next();
        Main closed = PIPELINE.application(Map.of(
                "app.roles",
                "upload",
                "api.keyRequired",
                "true",
                "api.keys",
                "a-key-that-is-long-enough",
                "camel.server.port",
                String.valueOf(port),
                "camel.management.port",
                String.valueOf(FreePort.next())));
        try {
            visit(port);
            assertThat(browser.find("#key-form").isDisplayed()).isFalse();
            choose(file("a.png", Pictures.quarters(ImageFormat.PNG, 20, 20)));
            Pipeline.await().until(() -> browser.find("#key-form").isDisplayed());
            browser.find("#key").sendKeys("wrong" + Keys.ENTER);
            Pipeline.await()
                    .until(() -> browser.find("#key").isDisplayed()
                            && browser.find("#key").getDomProperty("value").isEmpty());
            browser.find("#key").sendKeys("a-key-that-is-long-enough" + Keys.ENTER);

            entry("a.png", "ready");
            assertThat(browser.find("#key-form").isDisplayed()).isFalse();
            choose(file("b.png", Pictures.quarters(ImageFormat.PNG, 20, 20)));
            entry("b.png", "ready");
            browser.driver.navigate().refresh();
            entry("b.png", "ready");
            assertThat(browser.driver.getCurrentUrl()).doesNotContain("key");
        } finally {
            closed.stop();
        }
    }

    @Test
    void everythingCanBeDoneWithTheKeyboard() throws Exception {
        choose(file("keys.png", Pictures.quarters(ImageFormat.PNG, 20, 20)));
        entry("keys.png", "ready");
        browser.driver.navigate().refresh();
        entry("keys.png", "ready");

        assertThat(List.of(tab(), tab(), tab(), tab(), tab()))
                .containsExactly(
                        "files",
                        "Clear the list",
                        "Thumbnail of keys.png",
                        "Original of keys.png",
                        "Remove from the list: keys.png");
        new Actions(browser.driver).sendKeys(Keys.ENTER).perform();
        Pipeline.await().until(() -> browser.find("#empty").isDisplayed());
        assertThat(focused()).isEqualTo("files");
    }

    private static String tab() {
        new Actions(browser.driver).sendKeys(Keys.TAB).perform();
        return focused();
    }

    private static String focused() {
        WebElement focused = browser.driver.switchTo().activeElement();
        String label = focused.getDomAttribute("aria-label");
        String id = focused.getDomAttribute("id");
        return label != null ? label : "files".equals(id) ? id : focused.getText();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 360, 1200})
    void pageFitsTheWidthOfTheWindow(int width) throws Exception {
        browser.width(width);
        try {
            choose(
                    file("p".repeat(80) + ".png", Pictures.quarters(ImageFormat.PNG, 900, 20)),
                    file("x".repeat(80) + ".txt", new byte[] {1}));
            entry("p".repeat(80) + ".png", "ready");
            entry("x".repeat(80) + ".txt", "failed");

            assertThat(browser.run(
                            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .as("horizontal overflow in pixels")
                    .isEqualTo(0L);
        } finally {
            browser.width(0);
        }
    }

    /** Create the screenshot in docs/ with {@code mvn verify -Dit.test=PageIT -Dpage.screenshot=docs/page.png}. */
    @Test
    void screenshotInTheDocumentationIsUpToDate() throws Exception {
        browser.width(640);
        try {
            choose(file("evening.jpg", landscape(new Color(0x2A3F7A), new Color(0xF0A860))));
            entry("evening.jpg", "ready");
            choose(file("morning.png", landscape(new Color(0x7FB2E5), new Color(0xFDF3DC))));
            entry("morning.png", "ready");
            choose(file("notes.txt", "no picture".getBytes(StandardCharsets.UTF_8)));
            entry("notes.txt", "failed");
            Path screenshot = Path.of(System.getProperty("page.screenshot", "target/page.png"));
            Files.write(screenshot, browser.driver.getScreenshotAs(OutputType.BYTES));
            BufferedImage now = ImageIO.read(screenshot.toFile());
            BufferedImage documented = ImageIO.read(Path.of("docs/page.png").toFile());
            assertThat(documented.getWidth()).isEqualTo(now.getWidth());
            assertThat(documented.getHeight()).isEqualTo(now.getHeight());
            assertThat(similarity(documented, now))
                    .as("share of similar pixels; fonts may differ")
                    .isGreaterThan(0.9);
        } finally {
            browser.width(0);
        }
    }

    private static double similarity(BufferedImage one, BufferedImage other) {
        long similar = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                int green = one.getRGB(x, y) >> 8 & 0xFF;
                int otherGreen = other.getRGB(x, y) >> 8 & 0xFF;
                similar += Math.abs(green - otherGreen) <= 16 ? 1 : 0;
            }
        }
        return (double) similar / one.getWidth() / one.getHeight();
    }

    /** Draws a sun above hills. */
    private static byte[] landscape(Color top, Color bottom) throws IOException {
        BufferedImage image = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setPaint(new GradientPaint(0, 0, top, 0, 300, bottom));
        graphics.fillRect(0, 0, 600, 400);
        graphics.setColor(new Color(0xFFE9B0));
        graphics.fillOval(380, 120, 90, 90);
        graphics.setColor(new Color(0x3C5A3A));
        graphics.fillOval(-200, 230, 600, 400);
        graphics.setColor(new Color(0x2A4030));
        graphics.fillOval(200, 270, 700, 400);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private Path file(String name, byte[] content) throws Exception {
        return Files.write(directory.resolve(name), content);
    }

    private static void choose(Path... files) {
        browser.find("#files")
                .sendKeys(String.join(
                        "\n", List.of(files).stream().map(Path::toString).toList()));
    }

    /** Drops a file on the page, with the event that the operating system would cause. */
    private static void drop(String name, byte[] content) {
        browser.run("""
                const bytes = Uint8Array.from(atob(arguments[1]), (character) => character.charCodeAt(0));
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([bytes], arguments[0]));
                for (const type of ['dragenter', 'dragover', 'drop']) {
                    document.querySelector('#drop').dispatchEvent(
                        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
                }
                """, name, Base64.getEncoder().encodeToString(content));
    }

    /** Waits until the newest entry with a name is of a kind, and returns it. */
    private static WebElement entry(String name, String kind) {
        return Pipeline.await()
                .until(
                        () -> browser.driver.findElements(By.cssSelector("#list > ." + kind)).stream()
                                .filter(entry -> text(entry, "h3").equals(name))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static String text(WebElement entry, String selector) {
        return entry.findElement(By.cssSelector(selector)).getText();
    }
}

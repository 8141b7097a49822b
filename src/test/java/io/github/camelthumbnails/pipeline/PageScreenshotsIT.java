// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.OutputType;

/**
 * Makes screenshots of the page in all its states, in a directory that {@code -Dpage.screenshots} names. Compares the
 * picture in the documentation with the page: to replace it, copy {@code documentation.png} to {@code docs/page.png}.
 */
class PageScreenshotsIT {

    private static final Path DIRECTORY = Path.of(System.getProperty("page.screenshots", "target/page-screenshots"));

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("renditions", "thumbnail,card,avatar")
            .with("renditions.card", "fit:320x320 format:webp")
            .with("renditions.avatar", "fill:64x64 key:avatars/{key} format:jpeg");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    @BeforeAll
    static void createDirectory() throws IOException {
        Files.createDirectories(DIRECTORY);
    }

    @ParameterizedTest
    @CsvSource({"desktop, 1200, light", "desktop, 1200, dark", "phone, 390, light", "phone, 390, dark"})
    void eachStateIsShown(String device, int width, String colours) throws Exception {
        PAGE.browser.width(width, width > 600 ? 800 : 844);
        PAGE.browser.media("prefers-color-scheme", colours);
        String suffix = "-" + device + "-" + colours;
        screenshot("empty" + suffix);

        upload("dawn.png", 1);
        upload("noon.png", 2);
        upload("evening.png", 3);
        upload("night.png", 4);
        awaitPictures(4);
        PAGE.browser.run("window.scrollTo(0, 0)");
        screenshot("ready" + suffix);

        PAGE.click("night.png", "ready", ".picture");
        UploadPage.await(() -> PAGE.isDisplayed("#large img"));
        screenshot("viewer" + suffix);
        PAGE.browser.run("document.querySelector('#viewer').close()");

        byte[] picture = landscape(5);
        PAGE.choose(
                PAGE.file("notes.txt", "no picture".getBytes(StandardCharsets.UTF_8)),
                PAGE.file("empty.jpg", new byte[0]),
                PAGE.file("half.png", Arrays.copyOf(picture, picture.length / 2)),
                PAGE.file("renamed.jpg", "no picture".getBytes(StandardCharsets.UTF_8)),
                PAGE.file("large.jpg", new byte[30_000_000]));
        PAGE.awaitCount(5, "failed");
        screenshot("failures" + suffix);

        PAGE.browser.network(60_000);
        Path[] files = new Path[60];
        for (int i = 0; i < files.length; i++) {
            files[i] = PAGE.file("picture " + (i + 1) + ".png", landscape(i));
        }
        PAGE.choose(files);
        UploadPage.await(() -> PAGE.count("uploading") == 3
                && ((Number) PAGE.browser.run("return document.querySelectorAll('#list .queued img').length"))
                                .intValue()
                        > 2);
        PAGE.browser.run("window.scrollTo(0, 0)");
        screenshot("under-way" + suffix);
        PAGE.click("#cancel-all");
        PAGE.awaitHidden("#overall");
    }

    @Test
    void screenshotInTheDocumentationIsUpToDate() throws Exception {
        PAGE.browser.width(1200, 660);
        upload("evening.png", 3);
        upload("morning.png", 1);
        PAGE.choose("notes.txt", "no picture".getBytes(StandardCharsets.UTF_8));
        PAGE.card("notes.txt", "failed");
        upload("night.png", 4);
        awaitPictures(3);
        screenshot("documentation");

        BufferedImage now = ImageIO.read(DIRECTORY.resolve("documentation.png").toFile());
        BufferedImage documented = ImageIO.read(Path.of("docs/page.png").toFile());
        assertThat(documented.getWidth()).isEqualTo(now.getWidth());
        assertThat(documented.getHeight()).isEqualTo(now.getHeight());
        assertThat(similarity(documented, now))
                .as("share of similar pixels; fonts may differ")
                .isGreaterThan(0.9);
    }

    private static void upload(String name, int seed) throws Exception {
        PAGE.choose(name, landscape(seed));
        PAGE.card(name, "ready");
    }

    private static void awaitPictures(int count) {
        UploadPage.await(() -> {
            PAGE.browser.run("document.querySelectorAll('.card').forEach((card) => card.scrollIntoView())");
            Object loaded = PAGE.browser.run("return [...document.querySelectorAll('.ready img')]"
                    + ".filter((image) => image.naturalWidth > 0).length");
            return ((Number) loaded).intValue() >= count;
        });
        PAGE.browser.run("window.scrollTo(0, 0); document.activeElement.blur()");
    }

    private static void screenshot(String name) throws IOException {
        Files.write(DIRECTORY.resolve(name + ".png"), PAGE.browser.driver.getScreenshotAs(OutputType.BYTES));
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

    /** Draws a sun above hills, in colours that depend on a number. */
    private static byte[] landscape(int seed) throws IOException {
        Random random = new Random(seed * 7919L);
        float hue = random.nextFloat();
        BufferedImage image = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Color top = Color.getHSBColor(0.5f + 0.25f * hue, 0.55f, 0.45f + 0.45f * random.nextFloat());
        Color bottom = Color.getHSBColor(0.04f + 0.1f * random.nextFloat(), 0.35f, 0.98f);
        graphics.setPaint(new GradientPaint(0, 0, top, 0, 300, bottom));
        graphics.fillRect(0, 0, 600, 400);
        graphics.setColor(new Color(0xFFE9B0));
        graphics.fillOval(60 + random.nextInt(420), 90 + random.nextInt(80), 90, 90);
        for (int hill = 0; hill < 3; hill++) {
            graphics.setColor(Color.getHSBColor(0.25f + 0.2f * hue, 0.35f, 0.42f - 0.1f * hill));
            graphics.fillOval(-300 + random.nextInt(500), 210 + 40 * hill, 700, 400);
        }
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}

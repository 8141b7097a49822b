// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.OutputType;

/**
 * Takes the screenshots of the page for uploads, in a directory that {@code -Dpage.screenshots} names. Compares the first
 * picture in the documentation with the page: to replace it, copy {@code target/page.png} to {@code docs/page.png}.
 */
@Tag("long")
class PageScreenshotsIT {

    private static final List<String> NAMES = List.of(
            "Alps at dawn", "Blue hour", "Fjord", "First light", "Desert road", "Evening walk", "Far hills", "Summit");
    private static final Pattern DONE = Pattern.compile("(\\d+) of 60");

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("renditions", "thumbnail,card,avatar")
            .with("renditions.card", "fit:320x320 format:webp")
            .with("renditions.avatar", "fill:64x64 key:avatars/{key} format:jpeg");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE, Sheet.DESKTOP);

    @Test
    @EnabledIfSystemProperty(named = "page.screenshots", matches = ".+")
    void pageIsEmptyAtFirst() throws Exception {
        sheet("empty", 900, () -> PAGE.names().isEmpty() && PAGE.isDisplayed("#limits"));
    }

    @Test
    @EnabledIfSystemProperty(named = "page.screenshots", matches = ".+")
    void finishedPicturesHaveRenditionsAndALargeView() throws Exception {
        for (int i = 0; i < NAMES.size(); i++) {
            PAGE.choose(NAMES.get(i) + ".jpg", Landscapes.photo(i));
            PAGE.card(NAMES.get(i) + ".jpg", "ready");
        }
        PAGE.browser.run("document.activeElement.blur()");
        sheet("ready", 1000, () -> PAGE.count("ready") == NAMES.size() && hasPictures(".ready", 4));

        PAGE.click("Fjord.jpg", "ready", ".picture");
        PAGE.awaitDisplayed("#large img");
        sheet("viewer", 900, () -> PAGE.isDisplayed("#large img") && PAGE.isDisplayed("#download"));
    }

    @Test
    @EnabledIfSystemProperty(named = "page.screenshots", matches = ".+")
    void sixtyUploadsAreUnderWayAndAreOfferedAgainAfterAReload() throws Exception {
        Path[] files = new Path[60];
        for (int i = 0; i < files.length; i++) {
            files[i] = PAGE.file("IMG_%04d.jpg".formatted(2417 + i), Landscapes.photo(i));
        }
        PAGE.browser.network(2_000_000);
        PAGE.choose(files);
        UploadPage.await(() -> PAGE.count("queued") < 44);
        PAGE.browser.network(120_000);
        UploadPage.await(() -> done() >= 9);
        sheet(
                "under-way",
                1000,
                () -> areDifferent(shares()) && PAGE.count("queued") > 9 && PAGE.isDisplayed("#list > .queued canvas"));

        PAGE.reload();
        PAGE.awaitDisplayed("#interrupted");
        sheet(
                "interrupted",
                1000,
                () -> PAGE.isDisplayed("#resume") && PAGE.isDisplayed("#list > .interrupted :is(img, canvas)"));
    }

    @Test
    void screenshotInTheDocumentationIsUpToDate() throws Exception {
        PAGE.browser.width(1200, 660);
        upload("evening.png", 3);
        upload("morning.png", 1);
        PAGE.choose("notes.txt", "no picture".getBytes(StandardCharsets.UTF_8));
        PAGE.card("notes.txt", "failed");
        upload("night.png", 4);
        UploadPage.await(() -> hasPictures(".ready", 3));
        PAGE.browser.run("document.activeElement.blur()");
        Path file = Path.of("target/page.png");
        Files.write(file, PAGE.browser.driver.getScreenshotAs(OutputType.BYTES));

        BufferedImage now = ImageIO.read(file.toFile());
        BufferedImage documented = ImageIO.read(Path.of("docs/page.png").toFile());
        assertThat(documented.getWidth()).isEqualTo(now.getWidth());
        assertThat(documented.getHeight()).isEqualTo(now.getHeight());
        assertThat(similarity(documented, now))
                .as("share of similar pixels; fonts may differ")
                .isGreaterThan(0.9);
    }

    private static void upload(String name, int seed) throws Exception {
        PAGE.choose(name, Landscapes.png(seed));
        PAGE.card(name, "ready");
    }

    private static void sheet(String view, int height, Callable<Boolean> isShown) throws Exception {
        Sheet.write(view, PAGE.browser, height, isShown);
    }

    /** Returns whether the visible cards of a state, which have to be a few at least, show their pictures. */
    private static boolean hasPictures(String state, int min) {
        return (boolean) PAGE.browser.run("""
                window.scrollTo(0, 0);
                const visible = [...document.querySelectorAll('#list > ' + arguments[0])].filter((card) =>
                    card.getBoundingClientRect().top < innerHeight);
                return visible.length >= Math.min(arguments[1], document.querySelectorAll('#list > *').length)
                    && visible.every((card) => card.querySelector('img')?.naturalWidth > 0);
                """, state, min);
    }

    /** Returns how many of the 60 uploads are done, as the page says it. */
    private static int done() {
        Matcher matcher = DONE.matcher(PAGE.browser.find("#overall-text").getText());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Returns how much of the present uploads is sent, as the page shows it. */
    private static List<Double> shares() {
        List<?> shares = (List<?>) PAGE.browser.run(
                "return [...document.querySelectorAll('.uploading progress')].map(({ position }) => position)");
        return shares.stream().map(share -> ((Number) share).doubleValue()).toList();
    }

    private static boolean areDifferent(List<Double> shares) {
        return shares.size() == 3
                && shares.stream().allMatch(share -> share > 0.03 && share < 0.97)
                && shares.stream()
                                .mapToLong(share -> Math.round(share * 33))
                                .distinct()
                                .count()
                        == 3;
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
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Takes the screenshots of failures on the page for uploads, and of the page for operators, in a directory that
 * {@code -Dpage.screenshots} names.
 */
@Tag("long")
@EnabledIfSystemProperty(named = "page.screenshots", matches = ".+")
@TestMethodOrder(MethodOrderer.MethodName.class) // only to save time: the last one waits until originals are old enough
class FailureScreenshotsIT {

    private static final byte[] NO_PHOTO = "no picture".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("image.maxPixels", "20000000");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE, Sheet.DESKTOP);

    private static Instant planted;

    /** Makes renditions, and then originals without, with outdated and with surplus ones. */
    @BeforeAll
    static void plantGaps() throws Exception {
        PIPELINE.disableNotifications();
        byte[] picture = Landscapes.png(1);
        List<String> surplus = keys("holidays/2025/", 7, 8);
        List<String> complete = keys("holidays/2026/", 1, 12);
        for (String key : Stream.of(surplus, complete).flatMap(List::stream).toList()) {
            PIPELINE.store(key, picture);
            PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), key)
                    + "]}");
        }
        surplus.forEach(PIPELINE::awaitThumbnail);
        complete.forEach(PIPELINE::awaitThumbnail);
        nextSecond();
        for (String key : surplus) {
            PIPELINE.s3.deleteObject(
                    request -> request.bucket(PIPELINE.resources.originals()).key(key));
        }
        byte[] other = Landscapes.png(2);
        keys("holidays/2026/", 11, 15).forEach(key -> PIPELINE.store(key, other));
        planted = Instant.now();
    }

    /** S3 keeps the time in seconds. */
    private static void nextSecond() {
        Awaitility.await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
    }

    private static List<String> keys(String prefix, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "%sIMG_%04d.png".formatted(prefix, i))
                .toList();
    }

    @Test
    void failuresSayWhatToDo() throws Exception {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("Stored and deleted.png", "ObjectNotFound");
        reasons.put("Christmas 2009.png", "ObjectArchived");
        reasons.put("Group photo.png", "AccessDenied");
        reasons.put("Poster.png", "NotEnoughMemory");
        reasons.put("Rush hour.png", "WorkerOverloaded");
        reasons.put("Thunder.png", "ServiceUnavailable");
        reasons.put("Half a picture.png", "CorruptImage");
        int seed = 20;
        for (String name : reasons.keySet()) {
            byte[] photo = Landscapes.png(seed++);
            PAGE.choose(name, name.startsWith("Half") ? Arrays.copyOf(photo, photo.length / 2) : photo);
            PAGE.card(name, "waiting");
        }
        OperatePage operators = new OperatePage(PAGE.browser, PIPELINE);
        for (String key : PIPELINE.keys(PIPELINE.resources.originals())) {
            String reason = reasons.get(key.substring(key.lastIndexOf('/') + 1));
            if ("ObjectNotFound".equals(reason)) {
                PIPELINE.s3.deleteObject(request ->
                        request.bucket(PIPELINE.resources.originals()).key(key));
            } else if (reason != null) {
                String eTag = PIPELINE.s3
                        .headObject(request ->
                                request.bucket(PIPELINE.resources.originals()).key(key))
                        .eTag();
                operators.record(key, reason, "An error of a test", eTag.replace("\"", ""), Instant.now());
            }
        }
        PAGE.choose(
                PAGE.file("notes.txt", NO_PHOTO),
                PAGE.file("Film.jpg", new byte[30_000_000]),
                PAGE.file("Empty.jpg", new byte[0]),
                PAGE.file("Panorama.png", panorama()));
        PAGE.browser.network(500);
        PAGE.choose("Changed my mind.png", Landscapes.png(3));
        PAGE.click("Changed my mind.png", "uploading", ".cancel");
        PAGE.browser.online();

        PAGE.awaitCount(12, "failed");
        PAGE.browser.run("document.activeElement.blur()");
        Sheet.write("failures", PAGE.browser, 1540, () -> PAGE.count("failed") == 12);
    }

    private static byte[] panorama() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(10_000, 2001, BufferedImage.TYPE_BYTE_BINARY), "png", out);
        return out.toByteArray();
    }

    @Test
    void operatorsSeeWhatNeedsThem() throws Exception {
        OperatePage page = new OperatePage(PAGE.browser, PIPELINE);
        fail(page);

        PAGE.browser.run("document.activeElement.blur()");
        Sheet.write("operate", PAGE.browser, 1200, () -> {
            PAGE.browser.run("window.scrollTo(0, 0)");
            return !PAGE.browser.find("#unlock").isSelected()
                    && page.text("#queues [data-queue=dead]").contains("2")
                    && page.text("#verdict .bad").contains("although nothing is wrong with them");
        });
        Sheet.write("operate-failures", PAGE.browser, 1000, () -> {
            PAGE.browser.run("document.querySelector('#search').scrollIntoView()");
            return page.text("#failures").contains("failed again");
        });

        page.unlock();
        page.failure("shop/autumn/coat-03.webp", ".details").click();
        Sheet.write(
                "operate-details",
                PAGE.browser,
                900,
                () -> page.text("#details").contains("Give the workers more memory")
                        || page.text("#details").contains("Roll back the deployment"));
        PAGE.browser.find("#details-close").click();

        Awaitility.await()
                .atMost(Duration.ofMinutes(2)) // a reconcile skips younger originals
                .until(() -> Instant.now().isAfter(planted.plusSeconds(62)));
        PAGE.browser.find("#reconcile-prefix").sendKeys("holidays/");
        page.click("#reconcile-start");
        page.awaitRun("reconcile", "done");
        assertThat(page.text("#reconcile [data-count=missing]")).startsWith("3").contains("IMG_0015.png");
        assertThat(page.text("#reconcile [data-count=stale]")).startsWith("2");
        assertThat(page.text("#reconcile [data-count=orphans]")).startsWith("2");
        PAGE.browser.run("document.activeElement.blur()");
        Sheet.write("operate-reconcile", PAGE.browser, 1200, () -> {
            PAGE.browser.run("document.querySelector('#reconcile-price').scrollIntoView()");
            return page.text("#reconcile-price").contains("$") && PAGE.isDisplayed("#reconcile-next");
        });
    }

    /** Makes failures of several reasons, and retries two of them in vain. */
    private static void fail(OperatePage page) {
        Instant now = Instant.now();
        page.fail(NO_PHOTO, "inbox/scan-0071.png", "inbox/IMG_0318.jpg");
        keys("shop/autumn/", 1, 7)
                .forEach(key -> page.record(
                        key,
                        "ServiceUnavailable",
                        "SlowDown: Please reduce your request rate.",
                        "e",
                        now.minusSeconds(5400)));
        IntStream.rangeClosed(1, 4)
                .forEach(i -> page.record(
                        "shop/autumn/coat-%02d.webp".formatted(i),
                        "MissingLibrary",
                        "libwebp cannot be loaded. Install the package libwebp7.",
                        "9b2cf535f27731c974343645a3985328",
                        now.minusSeconds(600 + i)));
        page.record("museum/ceiling.tif", "NotEnoughMemory", "It needs 1,900 MB.", "e", now.minusSeconds(900));

        page.visit().unlock().search("inbox/", "");
        page.awaitKeys("inbox/scan-0071.png", "inbox/IMG_0318.jpg");
        page.failure("inbox/scan-0071.png", ".select").click();
        page.failure("inbox/IMG_0318.jpg", ".select").click();
        page.click("#retry-selected");
        page.click("#confirm-yes");
        page.awaitRun("redrive", "done");
        Pipeline.await().until(() -> page.text("#failures").contains("failed again"));
        page.search("", "");
        page.unlock(); // which it locks again
        for (int i = 0; i < 2; i++) {
            PIPELINE.sqs.sendMessage(request ->
                    request.queueUrl(PIPELINE.url(PIPELINE.resources.dead())).messageBody("{}"));
        }
        Pipeline.await().until(() -> page.text("#queues [data-queue=dead]").matches("(?s).*\\b2\\b.*"));
    }
}

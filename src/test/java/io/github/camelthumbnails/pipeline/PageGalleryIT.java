// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which pictures the cards show, and for how long, in a real browser. */
@Tag("long")
class PageGalleryIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withFaults()
            .withShortTimes()
            .with("renditions", "thumbnail,card,icon")
            .with("renditions.card", "fit:400x400")
            .with("renditions.icon", "fit:32x32");

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.PNG, 1200, 800);

    @Test
    void cardShowsTheSmallestRenditionThatFillsIt() throws Exception {
        PAGE.choose("photo.png", PHOTO);
        PAGE.card("photo.png", "ready");

        awaitImage(400);
    }

    @Test
    void cardShowsTheLargestRenditionIfNoneFillsIt() throws Exception {
        PAGE.choose("small.png", Pictures.quarters(ImageFormat.PNG, 60, 40));
        PAGE.card("small.png", "ready");

        awaitImage(60); // a rendition that fits is not enlarged
    }

    @Test
    void fileIsShownInSmallUntilThereIsAThumbnail() throws Exception {
        PAGE.browser.offline();
        PAGE.choose(
                PAGE.file("photo.png", PHOTO),
                PAGE.file("tall.png", Pictures.quarters(ImageFormat.PNG, 10, 8000)),
                PAGE.file("damaged.png", new byte[] {1}));

        UploadPage.await(() -> PAGE.browser
                .run("return [...document.querySelectorAll('#list canvas')]"
                        + ".map(({ width, height }) => `${width} ${height}`).sort().join()")
                .equals("1 360,480 320"));
        PAGE.browser.online();
        PAGE.card("photo.png", "ready");
        UploadPage.await(() -> PAGE.browser
                .run("return document.querySelectorAll('#list canvas').length")
                .equals(0L));
    }

    @Test
    void thumbnailIsRequestedAgainWhenTheStorageIsBack() throws Exception {
        FaultProxy.Rule rule =
                PIPELINE.faults.failIn(PIPELINE.resources.thumbnails(), "GetObject", Fault.error(503, "SlowDown"));
        try {
            PAGE.choose("photo.png", PHOTO);
            PAGE.card("photo.png", "ready");
            Pipeline.await().until(() -> rule.hits() > 0);
            assertThat(PAGE.isDisplayed("#list img")).isFalse();
        } finally {
            rule.remove();
        }

        awaitImage(400);
    }

    @Test
    void onlyPicturesNearTheViewportAreLoadedAndKept() throws Exception {
        PAGE.choose("photo.png", PHOTO);
        PAGE.card("photo.png", "ready");
        PAGE.copyEntries(2000);
        PAGE.awaitDisplayed("#list img");
        long first = awaitSteady("document.querySelectorAll('#list img').length");
        assertThat(first).isBetween(4L, 40L);

        for (int page = 2; page <= 5; page++) {
            int cards = 48 * page;
            PAGE.click("#more");
            UploadPage.await(() -> PAGE.names().size() == cards);
        }
        PAGE.browser.run("scrollTo(0, document.body.scrollHeight)");
        UploadPage.await(() -> PAGE.browser
                .run("return !document.querySelector('#list > :first-child img')"
                        + " && !!document.querySelector('#list > :last-child img')")
                .equals(true));

        assertThat(awaitSteady("document.querySelectorAll('#list img').length")).isBetween(4L, 60L);
        PAGE.browser.run("scrollTo(0, 0)");
        PAGE.awaitDisplayed("#list > :first-child img");
    }

    private static void awaitImage(int width) {
        UploadPage.await(() -> PAGE.browser
                .run("return document.querySelector('#list img')?.naturalWidth ?? 0")
                .equals((long) width));
    }

    /** Waits until a number is the same twice, and returns it. */
    private static long awaitSteady(String expression) {
        long[] last = {-1};
        Pipeline.await().until(() -> {
            long before = last[0];
            last[0] = (long) PAGE.browser.run("return " + expression);
            return last[0] == before;
        });
        return last[0];
    }
}

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

/** Tests that the page asks before it forgets pictures, and where the focus goes then, in a real browser. */
@Tag("long")
class PageClearIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().withShortTimes();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);

    @Test
    void pictureWithoutAThumbnailIsKeptEvenIfItIsReadyMeanwhile() throws Exception {
        PAGE.choose("finished.png", PICTURE);
        PAGE.card("finished.png", "ready");
        FaultProxy.Rule rule =
                PIPELINE.faults.failIn(PIPELINE.resources.thumbnails(), "PutObject", Fault.error(503, "SlowDown"));
        try {
            PAGE.choose("waiting.png", PICTURE);
            PAGE.card("waiting.png", "waiting");
            PAGE.click("#clear");
            PAGE.awaitDisplayed("#clear-finished");
        } finally {
            rule.remove();
        }
        PAGE.card("waiting.png", "ready");

        PAGE.click("#clear-finished");

        UploadPage.await(() -> PAGE.names().size() == 1);
        assertThat(PAGE.names()).containsExactly("waiting.png");
    }

    @Test
    void interruptedUploadsAreDiscardedOnlyAfterAQuestion() throws Exception {
        PIPELINE.holdUploads();
        PAGE.choose(3, Pictures.noise(ImageFormat.PNG, 64, 64));
        PAGE.awaitCount(3, "uploading");
        PAGE.reload();
        PAGE.awaitCount(3, "interrupted");
        PAGE.awaitLive("Not uploaded before the page was closed: 3");

        PAGE.click("#discard");
        PAGE.awaitDisplayed("#clear-dialog");
        assertThat(PAGE.browser.find("#clear-text").getText()).contains("3");
        PAGE.click("#clear-keep");
        PAGE.awaitHidden("#clear-dialog");
        PAGE.awaitCount(3, "interrupted");
        PAGE.click("#discard");
        PAGE.click("#clear-all");

        UploadPage.await(() -> PAGE.names().isEmpty());
        UploadPage.await(() -> PAGE.focused().equals("#files"));
    }

    @Test
    void cancelledUploadsAreNotCountedAsDone() throws Exception {
        PAGE.browser.offline();
        PAGE.choose(PAGE.file("a.png", PICTURE), PAGE.file("notes.txt", new byte[] {1}), PAGE.file("b.png", PICTURE));
        PAGE.card("notes.txt", "failed");
        PAGE.awaitText("b.png", ".state", "In the queue");

        PAGE.browser.run("document.querySelector('#cancel-all').focus()");
        PAGE.click("#cancel-all");

        PAGE.awaitCount(3, "failed");
        PAGE.awaitLive("0 of 1 done, 1 failed");
        UploadPage.await(() -> PAGE.focused().equals("#files"));
    }
}

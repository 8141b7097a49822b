// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import io.github.camelthumbnails.localaws.FreePort;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that uploads by the page outlast a lost connection and a service that is away, in a real browser. */
@Tag("long")
class PageConnectionIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().withShortTimes();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);
    /** A picture of 12 kB. */
    private static final byte[] NOISE = Pictures.noise(ImageFormat.PNG, 64, 64);

    @Test
    void uploadsContinueWhenTheConnectionIsBack() throws Exception {
        PAGE.browser.network(20_000);
        PAGE.choose(6, NOISE);
        PAGE.awaitCount(3, "uploading");

        PAGE.browser.offline();
        PAGE.awaitDisplayed("#connection");
        assertThat(PAGE.count("failed")).isZero();
        PAGE.browser.online();

        PAGE.awaitCount(6, "ready");
        PAGE.awaitHidden("#connection");
    }

    @Test
    void waitForAThumbnailContinuesWhenTheConnectionIsBack() throws Exception {
        FaultProxy.Rule rule =
                PIPELINE.faults.failIn(PIPELINE.resources.thumbnails(), "PutObject", Fault.error(503, "SlowDown"));
        PAGE.choose("waits.png", PICTURE);
        PAGE.card("waits.png", "waiting");

        PAGE.browser.offline();
        PAGE.awaitDisplayed("#connection");
        rule.remove();
        assertThat(PAGE.count("failed")).isZero();
        PAGE.browser.online();

        PAGE.card("waits.png", "ready");
    }

    @Test
    void uploadsContinueWhenTheStorageIsBack() throws Exception {
        PIPELINE.faults.stopListening();
        try {
            PAGE.choose(4, PICTURE);
            PAGE.awaitDisplayed("#connection");
            assertThat(PAGE.count("failed")).isZero();
        } finally {
            PIPELINE.faults.listenAgain();
        }

        PAGE.awaitCount(4, "ready");
    }

    @Test
    void uploadsContinueAfterTheServiceWasRestarted() throws Exception {
        Map<String, String> settings = Map.of(
                "app.roles", "upload",
                "camel.server.port", String.valueOf(FreePort.next()),
                "camel.management.port", String.valueOf(FreePort.next()));
        Main before = PIPELINE.application(settings);
        PAGE.visit(Pipeline.port(before));
        PAGE.browser.network(20_000);
        PAGE.choose(5, NOISE);
        PAGE.awaitCount(3, "uploading");

        before.stop();
        PAGE.awaitDisplayed("#connection");
        PAGE.browser.online();
        Main after = PIPELINE.application(settings);
        try {
            PAGE.awaitCount(5, "ready");
        } finally {
            after.stop();
        }
    }

    @Test
    void uploadThatBreaksEachTimeCanBeTriedAgain() throws Exception {
        try (FaultProxy proxy = FaultProxy.start(URI.create("http://127.0.0.1:" + PIPELINE.httpPort))) {
            FaultProxy.Rule rule = proxy.fail(FaultProxy.Service.S3, "PutObject", Fault.cutRequest());
            PAGE.visit(proxy.endpoint().getPort());

            PAGE.choose("breaks.png", NOISE);

            PAGE.awaitText("breaks.png", ".state", "The connection breaks each time");
            assertThat(rule.hits()).isGreaterThanOrEqualTo(5);
            rule.remove();
            PAGE.click("breaks.png", "failed", ".retry");
            PAGE.card("breaks.png", "ready");
        }
    }

    @Test
    void fileThatIsDeletedMeanwhileIsUploadedFromItsCopy() throws Exception {
        PAGE.browser.network(20_000);
        PAGE.choose(5, NOISE);
        PAGE.awaitCopies(5);
        Path last = PAGE.file("5.png", NOISE);
        PAGE.card("5.png", "queued");

        Files.delete(last);
        PAGE.browser.online();

        PAGE.awaitCount(5, "ready");
    }

    @Test
    void fileThatIsDeletedMeanwhileIsLostWithoutACopy() throws Exception {
        Object script = PAGE.browser.runBefore("Object.defineProperty(window, 'indexedDB', { value: undefined })");
        try {
            PAGE.visit();
            PAGE.browser.offline();
            PAGE.choose("deleted.png", PICTURE);
            PAGE.awaitDisplayed("#connection");
            PAGE.card("deleted.png", "queued");

            Files.delete(PAGE.file("deleted.png", PICTURE));
            PAGE.browser.online();

            PAGE.awaitText("deleted.png", ".state", "Choose it again");
            assertThat(PAGE.isDisplayed(PAGE.card("deleted.png", "failed"), ".retry"))
                    .isFalse();
        } finally {
            PAGE.browser.doNotRunBefore(script);
        }
    }
}

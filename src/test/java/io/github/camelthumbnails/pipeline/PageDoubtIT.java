// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.WebElement;

/** Tests that the page asks again when it does not know for sure what is stored, in a real browser. */
@Tag("long")
class PageDoubtIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().withShortTimes();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);

    @Test
    void pictureThatTheServiceCouldNotReadForAWhileIsFoundAgain() throws Exception {
        PIPELINE.faults.failIn(PIPELINE.resources.originals(), "HeadObject", Fault.error(403, "AccessDenied"));
        PAGE.choose("hidden.png", PICTURE);
        PAGE.awaitText("hidden.png", ".state", "not stored any more");
        assertThat(PAGE.isDisplayed(PAGE.card("hidden.png", "failed"), ".check"))
                .isTrue();

        PIPELINE.faults.reset();
        PAGE.reload();

        PAGE.card("hidden.png", "ready");
    }

    @Test
    void pictureWithoutAThumbnailIsUploadedAgain() throws Exception {
        PIPELINE.faults.failIn(PIPELINE.resources.thumbnails(), "PutObject", Fault.error(403, "AccessDenied"));
        PAGE.choose("denied.png", PICTURE);
        WebElement card = PAGE.card("denied.png", "failed");
        assertThat(PAGE.isDisplayed(card, ".check")).isTrue();

        PIPELINE.faults.reset();
        PAGE.click("denied.png", "failed", ".retry");

        PAGE.card("denied.png", "ready");
    }

    @Test
    void interruptedUploadThatIsStoredIsFoundWhenTheStorageIsBack() throws Exception {
        PIPELINE.upload("received.png", PICTURE);
        PIPELINE.awaitThumbnail("received.png");
        leave("received.png", "received.png");

        PIPELINE.faults.stopListening();
        try {
            PAGE.reload();
            PAGE.card("received.png", "interrupted");
            PAGE.awaitDisplayed("#connection");
        } finally {
            PIPELINE.faults.listenAgain();
        }

        PAGE.card("received.png", "ready");
        assertThat(PAGE.uploadsSent()).isZero();
    }

    @Test
    void interruptedUploadWithoutACopyContinuesWhenItsFileIsChosenAgain() throws Exception {
        leave("lost.png", "folder/lost.png");
        PAGE.reload();
        PAGE.awaitText("lost.png", ".state", "Choose it again");

        PAGE.choose("lost.png", PICTURE);

        PAGE.card("lost.png", "ready");
        assertThat(PAGE.names()).containsExactly("lost.png");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).contains("folder/lost.png");
    }

    /** Leaves an entry of an upload that a crash has interrupted. */
    private static void leave(String name, String key) {
        PAGE.browser.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        PAGE.browser.driver.executeAsyncScript("""
                const [name, key, bytes, done] = arguments;
                indexedDB.databases().then(([{ name: database }]) => {
                    const opening = indexedDB.open(database);
                    opening.onsuccess = () => {
                        const transaction = opening.result.transaction('entries', 'readwrite');
                        transaction.objectStore('entries').put({ id: 1, key, name, bytes, type: 'image/png',
                            state: 'uploading', share: 0.9, tab: 'closed' });
                        transaction.oncomplete = () => {
                            opening.result.close();
                            done();
                        };
                    };
                });
                """, name, key, PICTURE.length);
    }

    @Test
    void uploadContinuesAfterAnErrorOfAProxyAndIsOfferedAgainAfterARefusal() throws Exception {
        try (FaultProxy proxy = FaultProxy.start(URI.create("http://127.0.0.1:" + PIPELINE.httpPort))) {
            PAGE.visit(proxy.endpoint().getPort());
            proxy.fail(FaultProxy.Service.S3, "PutObject", Fault.error(520, "Unknown"))
                    .times(1);
            PAGE.choose("unknown.png", PICTURE);
            PAGE.card("unknown.png", "ready");

            FaultProxy.Rule rule = proxy.fail(FaultProxy.Service.S3, "PutObject", Fault.error(403, "Blocked"));
            PAGE.choose("blocked.png", PICTURE);
            PAGE.card("blocked.png", "failed");
            rule.remove();
            PAGE.click("blocked.png", "failed", ".retry");
            PAGE.card("blocked.png", "ready");
        }
    }

    @Test
    void slowPictureDoesNotDelayTheNextOne() throws Exception {
        PIPELINE.faults.failIn(PIPELINE.resources.thumbnails(), "PutObject", Fault.error(503, "SlowDown"));
        PAGE.choose("slow.png", PICTURE);
        UploadPage.await(() -> isAnswered("slow.png")); // now the service waits for it for 25 seconds

        PAGE.choose("next.png", PICTURE);

        Pipeline.await().atMost(Duration.ofSeconds(15)).until(() -> isAnswered("next.png"));
    }

    private static boolean isAnswered(String name) {
        return (boolean) PAGE.browser.run(
                "return performance.getEntriesByType('resource')"
                        + ".some(({ name }) => name.includes(arguments[0] + '?status'))",
                name);
    }

    @Test
    void listIsKeptWhenCopiesHaveUsedUpTheSpace() throws Exception {
        Object script = PAGE.browser.runBefore("""
                const { put, clear } = IDBObjectStore.prototype;
                let isFull = true;
                IDBObjectStore.prototype.put = function (...all) {
                    if (this.name === 'entries' && isFull) {
                        throw new DOMException('', 'QuotaExceededError');
                    }
                    return put.apply(this, all);
                };
                IDBObjectStore.prototype.clear = function () {
                    isFull = false;
                    return clear.apply(this);
                };
                """);
        try {
            PAGE.visit();
            PAGE.choose("kept.png", PICTURE);
            PAGE.card("kept.png", "ready");
            PAGE.awaitHidden("#unkept");
        } finally {
            PAGE.browser.doNotRunBefore(script);
        }

        PAGE.reload();
        PAGE.card("kept.png", "ready");
    }
}

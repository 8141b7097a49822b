// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks the counts of uploads and events. */
class MetricsOfOutcomesIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().withShortTimes();

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 100, 50);

    private Scrape before;

    @BeforeEach
    void awaitTestEvent() throws Exception {
        PIPELINE.awaitNoEvents();
        before = scrape();
    }

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    @Test
    void thumbnail() throws Exception {
        PIPELINE.upload("photo.jpg", PHOTO);
        PIPELINE.awaitItem("photo.jpg");

        awaitIncrease(1, "image_events_total", "kind=\"created\"", "outcome=\"created\"");
        awaitIncrease(1, "uploads_total", "outcome=\"stored\"");
        awaitIncrease(1, "upload_bytes_count");
        awaitIncrease(PHOTO.length, "upload_bytes_sum");
        awaitIncrease(1, "upload_duration_seconds_count");
        awaitIncrease(1, "thumbnails_total", "format=\"jpeg\"");
        awaitIncrease(1, "image_queue_delay_seconds_count");
        assertThat(scrape().value("image_queue_delay_seconds_sum"))
                .isGreaterThan(before.value("image_queue_delay_seconds_sum"));
    }

    @Test
    void unusablePicture() throws Exception {
        PIPELINE.upload("text.jpg", Pictures.ascii("text"));
        PIPELINE.awaitFailure("text.jpg");

        awaitIncrease(1, "image_events_total", "kind=\"created\"", "outcome=\"failed\"");
        awaitIncrease(1, "thumbnail_failures_total", "reason=\"UnsupportedFormat\"");
    }

    @Test
    void removal() throws Exception {
        PIPELINE.store("removed.jpg", PHOTO);
        PIPELINE.awaitItem("removed.jpg");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("removed.jpg"));

        PIPELINE.send(message("ObjectRemoved:Delete", PIPELINE.resources.originals(), "removed.jpg"));

        Pipeline.await().until(() -> increase("image_events_total", "kind=\"removed\"", "outcome=\"removed\"") >= 1);
        // S3 has sent an event, too, which may still be processed.
        Pipeline.await().untilAsserted(() -> PIPELINE.assertNoThumbnailAndNoItem("removed.jpg"));
    }

    @Test
    void ignoredEvents() throws Exception {
        PIPELINE.send(message("ObjectCreated:Put", "another-bucket", "photo.jpg"));
        PIPELINE.send(message("ObjectTagging:Put", PIPELINE.resources.originals(), "photo.jpg"));

        awaitIncrease(1, "image_events_total", "kind=\"created\"", "outcome=\"ignored\"");
        awaitIncrease(1, "image_events_total", "kind=\"other\"", "outcome=\"ignored\"");
        assertThat(scrape().value("image_events_total", "kind=\"test\"", "outcome=\"ignored\""))
                .isPositive();
    }

    @Test
    void postponedEvent() throws Exception {
        PIPELINE.faults
                .fail(Service.S3, "GetObject", Fault.error(500, "InternalError"))
                .times(1);

        PIPELINE.store("later.jpg", PHOTO);

        PIPELINE.awaitItem("later.jpg");
        awaitIncrease(1, "image_events_total", "kind=\"created\"", "outcome=\"postponed\"");
        awaitIncrease(1, "image_events_total", "kind=\"created\"", "outcome=\"created\"");
    }

    @Test
    void refusedUpload() throws Exception {
        assertThat(PIPELINE.put("/dev/another-bucket/photo.jpg", PHOTO).statusCode())
                .isBetween(400, 499);

        awaitIncrease(1, "uploads_total", "outcome=\"refused\"");
        awaitIncrease(0, "upload_bytes_count");
    }

    @Test
    void unavailableUpload() throws Exception {
        PIPELINE.faults
                .fail(Service.S3, "PutObject", Fault.error(503, "SlowDown"))
                .times(1);

        assertThat(PIPELINE.put(PIPELINE.path("unavailable.jpg"), PHOTO).statusCode())
                .isEqualTo(503);

        awaitIncrease(1, "uploads_total", "outcome=\"unavailable\"");
    }

    /** Prometheus would warn of a metric that nobody can look up. */
    @Test
    void allMetricsAreDocumented() throws Exception {
        String docs = Files.readString(Path.of("docs/operations.md"));
        PIPELINE.upload("documented.jpg", PHOTO);
        PIPELINE.awaitItem("documented.jpg");

        assertThat(scrape().ownNames())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(docs).contains("| `" + name.replaceFirst("_max$", "") + "` |"));
    }

    private static String message(String event, String bucket, String key) {
        return "{\"Records\":[" + PIPELINE.record(event, bucket, key) + "]}";
    }

    private void awaitIncrease(double expected, String name, String... labels) {
        Pipeline.await()
                .untilAsserted(() -> assertThat(increase(name, labels)).as(name).isEqualTo(expected));
    }

    private double increase(String name, String... labels) throws IOException, InterruptedException {
        return scrape().value(name, labels) - before.value(name, labels);
    }

    private static Scrape scrape() throws IOException, InterruptedException {
        return Scrape.parse(PIPELINE.observe("metrics"));
    }
}

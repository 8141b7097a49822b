// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.Stage;
import io.github.camelthumbnails.observe.Meters.EventOutcome;
import io.github.camelthumbnails.observe.Meters.UploadOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);

    @Test
    void storedUploadIsMeasured() {
        meters.registerUploads();

        meters.upload(UploadOutcome.STORED, 1000, Duration.ofMillis(250));

        assertThat(count("uploads", "outcome", "stored")).isEqualTo(1);
        assertThat(count("uploads", "outcome", "refused")).isZero();
        assertThat(registry.get("upload").summary().totalAmount()).isEqualTo(1000);
        assertThat(registry.get("upload.duration").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(250);
    }

    /** Refused uploads end early, and would make the others look fast. */
    @Test
    void otherUploadsAreOnlyCounted() {
        meters.registerUploads();

        meters.upload(UploadOutcome.REFUSED, 1000, Duration.ofMillis(1));
        meters.upload(UploadOutcome.UNAVAILABLE, 1000, Duration.ofMillis(1));
        meters.upload(UploadOutcome.ABORTED, 1000, Duration.ofMillis(1));

        assertThat(count("uploads", "outcome", "refused")).isEqualTo(1);
        assertThat(count("uploads", "outcome", "unavailable")).isEqualTo(1);
        assertThat(count("uploads", "outcome", "aborted")).isEqualTo(1);
        assertThat(registry.get("upload").summary().count()).isZero();
        assertThat(registry.get("upload.duration").timer().count()).isZero();
    }

    @Test
    void refusedConnectionIsCounted() {
        meters.connectionRefused();

        assertThat(count("http.connections.refused")).isEqualTo(1);
    }

    @Test
    void eventsAreCountedByKindAndOutcome() {
        meters.event(ImageEvent.Kind.CREATED, EventOutcome.CREATED);
        meters.event(ImageEvent.Kind.CREATED, EventOutcome.POSTPONED);
        meters.event(ImageEvent.Kind.CREATED, EventOutcome.POSTPONED);

        assertThat(count("image.events", "kind", "created", "outcome", "created"))
                .isEqualTo(1);
        assertThat(count("image.events", "kind", "created", "outcome", "postponed"))
                .isEqualTo(2);
    }

    @Test
    void resultsOfEventsAreCounted() {
        meters.failure(FailureReason.CorruptImage);
        meters.thumbnail("webp");
        meters.retry();
        meters.queueDelay(Duration.ofSeconds(3));

        assertThat(count("thumbnail.failures", "reason", "CorruptImage")).isEqualTo(1);
        assertThat(count("thumbnails", "format", "webp")).isEqualTo(1);
        assertThat(count("image.event.retries")).isEqualTo(1);
        assertThat(registry.get("image.queue.delay").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);
    }

    @Test
    void stagesAreMeasuredByFormatAndCodec() {
        meters.stage(stage(Stage.Kind.DECODE, "jpeg", "libjpeg-turbo", 1000));
        meters.stage(stage(Stage.Kind.ENCODE, "webp", "libwebp", 300));
        meters.stage(stage(Stage.Kind.ENCODE, "webp", "libwebp", 30));

        assertThat(registry.get("image.decode")
                        .tags("format", "jpeg", "codec", "libjpeg-turbo")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("image.encode")
                        .tags("format", "webp", "codec", "libwebp")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(40);
        assertThat(count("image.original")).isEqualTo(1000);
        assertThat(count("image.rendition")).isEqualTo(330);
    }

    @Test
    void seriesOfTheOtherRoleAreNotCreated() {
        meters.registerUploads();

        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .isNotEmpty()
                .allMatch(name -> name.startsWith("upload") || name.startsWith("http."));
    }

    /** Otherwise, Prometheus would not see the first increase. */
    @Test
    void countingCreatesNoFurtherSeries() {
        meters.registerUploads();
        meters.registerEvents();
        int before = registry.getMeters().size();

        for (ImageEvent.Kind kind : ImageEvent.Kind.values()) {
            meters.event(kind, kind == ImageEvent.Kind.MALFORMED ? EventOutcome.POSTPONED : EventOutcome.IGNORED);
        }
        for (FailureReason reason : FailureReason.values()) {
            meters.failure(reason);
        }
        for (EventOutcome outcome : EventOutcome.values()) {
            meters.event(ImageEvent.Kind.CREATED, outcome);
        }
        for (UploadOutcome outcome : UploadOutcome.values()) {
            meters.upload(outcome, 1, Duration.ofMillis(1));
        }
        meters.connectionRefused();
        meters.thumbnail("jpeg");
        meters.retry();
        meters.queueDelay(Duration.ofMillis(1));

        assertThat(registry.getMeters()).hasSize(before);
    }

    @Test
    void allMetersHaveAHelpText() {
        meters.registerUploads();
        meters.registerEvents();
        meters.stage(stage(Stage.Kind.DECODE, "gif", "java", 1));
        meters.stage(stage(Stage.Kind.ENCODE, "gif", "java", 1));

        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .filteredOn(id -> !id.getName().endsWith(".histogram")) // how this registry keeps buckets
                .allSatisfy(
                        id -> assertThat(id.getDescription()).as(id.getName()).isNotBlank());
    }

    private static Stage stage(Stage.Kind kind, String format, String codec, long bytes) {
        return new Stage(kind, format, codec, 100, bytes, Instant.now(), Duration.ofMillis(20), false);
    }

    private double count(String name, String... tags) {
        Counter counter = registry.get(name).tags(tags).counter();
        return counter.count();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Counts what the application does. docs/operations.md lists all meters. Labels are bounded: no key and no path is one. */
public final class Meters {

    /** Upper limits of the buckets for sizes of uploads, in bytes. */
    private static final double[] UPLOAD_BYTES = {1e4, 1e5, 5e5, 1e6, 2.5e6, 5e6, 1e7, 2.5e7, 5e7, 1e8};

    private static final Duration[] UPLOAD_TIMES = seconds(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60);
    private static final Duration[] QUEUE_DELAYS = seconds(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600);
    private static final Duration[] STAGE_TIMES =
            seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20);

    private final MeterRegistry registry;

    /** Creates the meters in a registry. */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The outcome of an upload, as a label. */
    public enum UploadOutcome {
        /** The original is stored. */
        STORED,
        /** The client has to change the request (4xx). */
        REFUSED,
        /** AWS or the application is at fault (5xx). */
        UNAVAILABLE,
        /** The client disconnected before it was answered. */
        ABORTED
    }

    /** The outcome of an event, as a label. */
    public enum EventOutcome {
        /** The renditions of the present original were made and stored. */
        CREATED,
        /** The renditions of an original that is gone were removed. */
        REMOVED,
        /** There was nothing to do. */
        IGNORED,
        /** There can be no thumbnail, and this was reported. */
        FAILED,
        /** The event stays on the queue, and is delivered again. */
        POSTPONED;

        /** Returns whether an event of some kind can end like this. */
        private boolean isPossible(ImageEvent.Kind kind) {
            return switch (kind) {
                case CREATED, RESTORED, REMOVED -> true;
                case FOLDER -> this != REMOVED; // a picture may have replaced it meanwhile
                case OTHER, TEST, EMPTY, SUBSCRIPTION -> this == IGNORED;
                case MALFORMED -> this == POSTPONED;
            };
        }
    }

    /**
     * Creates the series about uploads. Without them, Prometheus would not see the first upload or failure of a kind: a counter that
     * appears with the value 1 has not increased.
     */
    void registerUploads() {
        for (UploadOutcome outcome : UploadOutcome.values()) {
            uploads(outcome);
        }
        uploadBytes();
        uploadDuration();
        refusedConnections();
    }

    /** Creates the series about events and thumbnails, for the same reason. */
    void registerEvents() {
        for (ImageEvent.Kind kind : ImageEvent.Kind.values()) {
            for (EventOutcome outcome : EventOutcome.values()) {
                if (outcome.isPossible(kind)) {
                    events(kind, outcome);
                }
            }
        }
        for (FailureReason reason : FailureReason.values()) {
            failures(reason);
        }
        for (ImageFormat format : ImageFormat.values()) {
            thumbnails(label(format));
        }
        retries();
        queueDelays();
        originalBytes();
        renditionBytes();
    }

    /**
     * Counts an upload.
     *
     * @param bytes size of the body that was received
     * @param duration from the request's headers to the response
     */
    public void upload(UploadOutcome outcome, long bytes, Duration duration) {
        uploads(outcome).increment();
        if (outcome == UploadOutcome.STORED) {
            uploadBytes().record(bytes);
            uploadDuration().record(duration);
        }
    }

    /** Counts a connection that is answered with 503, because all others have a request in progress. */
    public void connectionRefused() {
        refusedConnections().increment();
    }

    /** Counts an event, or one delivery of an event that is postponed. */
    public void event(ImageEvent.Kind kind, EventOutcome outcome) {
        events(kind, outcome).increment();
    }

    /** Counts an immediate retry of an event. */
    public void retry() {
        retries().increment();
    }

    /** Counts an original whose thumbnail cannot be created. */
    public void failure(FailureReason reason) {
        failures(reason).increment();
    }

    /**
     * Counts a stored rendition.
     *
     * @param format its format in lower case
     */
    public void thumbnail(String format) {
        thumbnails(format).increment();
    }

    /** Records the time from an event of S3 to the table item. */
    public void queueDelay(Duration delay) {
        queueDelays().record(delay);
    }

    /** Records the time and the size of a part of the work on a picture, also if it has failed. */
    public void stage(Stage stage) {
        switch (stage.kind()) {
            case DECODE -> originalBytes().increment(stage.bytes());
            case ENCODE -> renditionBytes().increment(stage.bytes());
        }
        Timer.builder("image." + label(stage.kind()))
                .description(
                        stage.kind() == Stage.Kind.DECODE
                                ? "Time to decode an original, with all frames of an animation"
                                : "Time to encode a rendition")
                .tags("format", stage.format(), "codec", stage.codec())
                .serviceLevelObjectives(STAGE_TIMES)
                .register(registry)
                .record(stage.duration());
    }

    private Counter uploads(UploadOutcome outcome) {
        return counter("uploads", "Requests to store an original, by how they ended", "outcome", label(outcome));
    }

    private DistributionSummary uploadBytes() {
        return DistributionSummary.builder("upload")
                .baseUnit("bytes")
                .description("Sizes of the stored originals")
                .serviceLevelObjectives(UPLOAD_BYTES)
                .register(registry);
    }

    private Timer uploadDuration() {
        return Timer.builder("upload.duration")
                .description("Time from the headers of an upload to its response, for stored originals")
                .serviceLevelObjectives(UPLOAD_TIMES)
                .register(registry);
    }

    private Counter refusedConnections() {
        return counter(
                "http.connections.refused", "Connections that were answered with 503, because all others are busy");
    }

    private Counter events(ImageEvent.Kind kind, EventOutcome outcome) {
        return counter(
                "image.events",
                "Events of S3, by what happened to the object and the outcome of the event",
                "kind",
                kind.toString(),
                "outcome",
                label(outcome));
    }

    private Counter retries() {
        return counter("image.event.retries", "Immediate retries of events after an error of AWS");
    }

    private Timer queueDelays() {
        return Timer.builder("image.queue.delay")
                .description("Time from the event of an original to the table item of its renditions")
                .serviceLevelObjectives(QUEUE_DELAYS)
                .register(registry);
    }

    private Counter thumbnails(String format) {
        return counter("thumbnails", "Stored renditions", "format", format);
    }

    private Counter failures(FailureReason reason) {
        return counter("thumbnail.failures", "Failure messages, by reason", "reason", reason.name());
    }

    private Counter originalBytes() {
        return bytes("image.original", "Bytes of the decoded originals");
    }

    private Counter renditionBytes() {
        return bytes("image.rendition", "Bytes of the encoded renditions");
    }

    private Counter bytes(String name, String help) {
        return Counter.builder(name).baseUnit("bytes").description(help).register(registry);
    }

    private Counter counter(String name, String help, String... tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    private static Duration[] seconds(double... limits) {
        return DoubleStream.of(limits)
                .mapToObj(limit -> Duration.ofNanos(Math.round(limit * 1e9)))
                .toArray(Duration[]::new);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** Counts what the application does. docs/operations.md lists all meters. Labels are bounded: no key and no path is one. */
public final class Meters {

    private final MeterRegistry registry;

    /** Creates the meters in a registry. */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** How an upload ended, as a label. */
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

    /** What became of an event, as a label. */
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
        POSTPONED
    }

    /**
     * Counts an upload.
     *
     * @param bytes size of the body that was received
     * @param duration from the request's headers to the response
     */
    public void upload(UploadOutcome outcome, long bytes, Duration duration) {
        registry.counter("uploads", "outcome", label(outcome)).increment();
    }

    /** Counts an event, or one delivery of an event that is postponed. */
    public void event(ImageEvent.Kind kind, EventOutcome outcome) {
        registry.counter("image.events", "kind", kind.toString(), "outcome", label(outcome))
                .increment();
    }

    /** Counts an original whose thumbnail cannot be created. */
    public void failure(FailureReason reason) {
        registry.counter("thumbnail.failures", "reason", reason.name()).increment();
    }

    /**
     * Counts a stored rendition.
     *
     * @param format its format in lower case
     */
    public void thumbnail(String format) {
        registry.counter("thumbnails", "format", format).increment();
    }

    /** Records the time from an event of S3 to the table item. */
    public void queueDelay(Duration delay) {
        registry.timer("image.queue.delay").record(delay);
    }

    /** Records the time and the size of a part of the work on a picture. */
    public void stage(Stage stage) {
        registry.timer("image." + label(stage.kind()), "format", stage.format(), "codec", stage.codec())
                .record(stage.duration());
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

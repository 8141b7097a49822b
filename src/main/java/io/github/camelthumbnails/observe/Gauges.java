// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.image.limits.DecodeMemory;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.upload.UploadBody;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Supplier;

/** Shows how busy the application is. docs/operations.md lists all gauges. */
final class Gauges {

    private final MeterRegistry registry;

    /** Creates gauges in a registry. */
    Gauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how many uploads are received. */
    void uploads(UploadBody body) {
        gauge("uploads.in.flight", "Uploads that are being received or stored", body::uploadsInFlight);
        gauge("uploads.in.flight.limit", "Maximum number of concurrent uploads", body::maxUploads);
    }

    /**
     * Shows how many events are processed.
     *
     * @param limit number of consumers
     */
    void consumers(int limit, Supplier<Number> busy) {
        gauge("image.consumers", "Number of events that can be processed in parallel", () -> limit);
        gauge("image.consumers.busy", "Number of events that are being processed", busy);
    }

    /** Shows how many events are on the queue. */
    void waiting(EventsWaiting waiting) {
        gauge("image.events.waiting", "Messages that wait on the events queue, NaN if unknown", waiting::count);
    }

    /** Registers gauges for the findings of the last complete reconcile. */
    void reconcile(ReconcileFindings findings) {
        Map.of(
                        "complete",
                        "complete",
                        "missing",
                        "missing",
                        "stale",
                        "stale",
                        "orphan",
                        "orphans",
                        "unusable",
                        "unusable")
                .forEach((state, counter) -> Gauge.builder("reconcile.originals", () -> findings.count(counter))
                        .description("Originals that the last complete reconcile has found, NaN if there was none")
                        .tag("state", state)
                        .register(registry));
        Gauge.builder("reconcile.last.run.timestamp", findings::endedAtSeconds)
                .baseUnit("seconds")
                .description("When the last complete reconcile ended, 0 if there was none")
                .register(registry);
    }

    /** Shows how much memory is used to decode. */
    void memory(DecodeMemory memory) {
        String name = "image.decode.memory.";
        String used = "Memory that decodes have reserved, on the heap and outside it";
        String limit = "Memory that all decodes may reserve together";
        bytes(name + "used", "heap", used, () -> memory.used().heap());
        bytes(name + "used", "nonheap", used, () -> memory.used().outside());
        bytes(name + "limit", "heap", limit, () -> memory.limit().heap());
        bytes(name + "limit", "nonheap", limit, () -> memory.limit().outside());
        gauge(name + "waiting", "Pictures that wait until other decodes release memory", memory::waiting);
    }

    /** Shows which native libraries are used. */
    void libraries(Map<String, Boolean> libraries) {
        libraries.forEach((library, used) -> Gauge.builder("image.native.codec", () -> used ? 1 : 0)
                .description("1 if the native library is used, 0 if it is missing or switched off")
                .tag("library", library)
                .register(registry));
    }

    /** Shows how many decodes do not end. */
    void hanging(HangingDecodes hanging) {
        gauge("image.hanging.decodes", "Decodes that were given up and are still running", hanging::count);
    }

    private void bytes(String name, String area, String help, Supplier<Number> value) {
        Gauge.builder(name, value)
                .baseUnit("bytes")
                .description(help)
                .tag("area", area)
                .register(registry);
    }

    private void gauge(String name, String help, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).register(registry);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Liveness check that fails while an abandoned decode is still running, so that the process is restarted. Such a decode
 * occupies a core and its memory forever, and Java cannot stop it.
 */
public final class HangingDecodes extends AbstractHealthCheck {

    private final Duration grace;

    /**
     * The {@link System#nanoTime()} at which each decode was abandoned, by a function that tells whether the decode has
     * ended.
     */
    private final Map<BooleanSupplier, Long> abandoned = new ConcurrentHashMap<>();

    /**
     * Creates a check with the id {@code hanging-decodes}.
     *
     * @param grace how long a decode may keep running after it was cancelled
     */
    public HangingDecodes(Duration grace) {
        super("camel-thumbnails", "hanging-decodes");
        this.grace = grace;
    }

    /**
     * Watches an abandoned decode until it has ended.
     *
     * @param ended tells whether the decode has ended
     */
    void watch(BooleanSupplier ended) {
        abandoned.keySet().removeIf(BooleanSupplier::getAsBoolean);
        abandoned.put(ended, System.nanoTime());
    }

    /** Returns the number of decodes that are still running although their grace period is over. */
    public long count() {
        abandoned.keySet().removeIf(BooleanSupplier::getAsBoolean);
        return abandoned.values().stream()
                .filter(since -> System.nanoTime() - since > grace.toNanos())
                .count();
    }

    @Override
    public boolean isLiveness() {
        return true;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        long count = count();
        if (count == 0) {
            builder.up();
        } else {
            builder.down().message(count + " abandoned decodes are still running. Restart the process.");
        }
    }
}

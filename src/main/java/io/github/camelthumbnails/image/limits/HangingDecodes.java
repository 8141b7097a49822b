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
 * Says in the liveness check that the process should be started anew: a decode that was given up is still running. It holds a
 * core and its memory for ever, and Java cannot end it.
 */
public final class HangingDecodes extends AbstractHealthCheck {

    private final Duration grace;

    /** When they were given up, in {@link System#nanoTime()}. */
    private final Map<BooleanSupplier, Long> givenUp = new ConcurrentHashMap<>();

    /**
     * A check with the id {@code hanging-decodes}.
     *
     * @param grace how long a decoder may take to notice that it is no longer wanted
     */
    public HangingDecodes(Duration grace) {
        super("camel-thumbnails", "hanging-decodes");
        this.grace = grace;
    }

    /** Remembers work that was given up, until it has ended. */
    void watch(BooleanSupplier ended) {
        givenUp.keySet().removeIf(BooleanSupplier::getAsBoolean);
        givenUp.put(ended, System.nanoTime());
    }

    /** How many there are that should have ended. */
    public long count() {
        givenUp.keySet().removeIf(BooleanSupplier::getAsBoolean);
        return givenUp.values().stream()
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
            builder.down().message(count + " decodes that were given up do not end. Restart the process.");
        }
    }
}

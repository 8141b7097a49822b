// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Says in the liveness check that the process should be started anew: a decode that was given up is still running. It holds a
 * core and its memory for ever, and Java cannot end it.
 */
public final class HangingDecodes extends AbstractHealthCheck {

    private final Duration grace;

    /** When they were given up, in {@link System#nanoTime()}. */
    private final Map<Thread, Long> givenUp = new ConcurrentHashMap<>();

    /**
     * A check with the id {@code hanging-decodes}.
     *
     * @param grace how long a decoder may take to notice that it is no longer wanted
     */
    public HangingDecodes(Duration grace) {
        super("camel-thumbnails", "hanging-decodes");
        this.grace = grace;
    }

    /** Remembers a thread whose work was given up, until it has ended. */
    void watch(Thread thread) {
        givenUp.keySet().removeIf(ended -> !ended.isAlive());
        givenUp.put(thread, System.nanoTime());
    }

    /** The threads that should have ended. */
    List<Thread> threads() {
        givenUp.keySet().removeIf(thread -> !thread.isAlive());
        return givenUp.entrySet().stream()
                .filter(entry -> System.nanoTime() - entry.getValue() > grace.toNanos())
                .map(Map.Entry::getKey)
                .toList();
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
        List<Thread> threads = threads();
        if (threads.isEmpty()) {
            builder.up();
        } else {
            builder.down()
                    .message(threads.size() + " decodes of broken pictures cannot be stopped: restart the process");
        }
    }
}

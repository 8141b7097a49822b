// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.time.Duration;

/** Waits before a request is repeated. */
@FunctionalInterface
public interface Pause {

    /** Sleeps, and reports an interruption as an error, so that the run ends. */
    Pause SLEEP = duration -> {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting to repeat a request", e);
        }
    };

    /** Waits for some time. */
    void sleep(Duration duration);

    /** Waits before an attempt: 100 milliseconds before the second one, twice as long before each further one, at most 10 seconds. */
    default void beforeAttempt(int attempt) {
        if (attempt > 1) {
            sleep(Duration.ofMillis(Math.min(10_000, 100L << Math.min(attempt - 2, 10))));
        }
    }
}

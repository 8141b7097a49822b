// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what only observes the work: metrics, log lines and spans. Its exceptions are logged, at most once a minute, and never change
 * what happens to a request or an event.
 */
public final class Observers {

    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private static final long INTERVAL_NANOS = 60_000_000_000L;

    private static final AtomicLong NEXT_LINE = new AtomicLong(System.nanoTime());

    private Observers() {}

    /** Runs an observer, and logs its exception instead of throwing it. */
    public static void run(Runnable observer) {
        try {
            observer.run();
        } catch (RuntimeException e) {
            long now = System.nanoTime();
            long due = NEXT_LINE.get();
            if (now - due >= 0 && NEXT_LINE.compareAndSet(due, now + INTERVAL_NANOS)) {
                LOG.warn("Metrics, log lines or traces are incomplete", e);
            }
        }
    }

    /** Returns a consumer that passes each value to another one, but never throws an exception. */
    public static <T> Consumer<T> guard(Consumer<T> observer) {
        return value -> run(() -> observer.accept(value));
    }
}

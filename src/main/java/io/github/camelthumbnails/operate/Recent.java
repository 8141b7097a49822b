// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Caches the answer of AWS for a while, however many callers there are. Thread-safe. */
final class Recent<T> {

    private final Supplier<T> source;
    private final long maxNanos;
    private final LongSupplier nanoTime;
    private final Lock asking = new ReentrantLock();
    private volatile Known<T> known;

    private record Known<T>(T value, long since) {}

    /**
     * @param source asks AWS
     * @param maxAge the age up to which an answer is used
     * @param nanoTime the clock
     */
    Recent(Supplier<T> source, Duration maxAge, LongSupplier nanoTime) {
        this.source = source;
        this.maxNanos = maxAge.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Returns the cached answer, or a new one. While one caller waits for AWS, the others get the previous answer without waiting. */
    T get() {
        Known<T> present = known;
        if (present == null) {
            asking.lock();
        } else if (isFresh(present) || !asking.tryLock()) {
            return present.value();
        }
        try {
            present = known;
            if (present == null || !isFresh(present)) {
                present = new Known<>(source.get(), nanoTime.getAsLong());
                known = present;
            }
            return present.value();
        } finally {
            asking.unlock();
        }
    }

    private boolean isFresh(Known<T> present) {
        return nanoTime.getAsLong() - present.since() < maxNanos;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory budget that all decodes share. A decode that does not fit beside the others waits. First come, first served, so that
 * a large picture gets its turn.
 */
public final class DecodeMemory {

    /** The unit of the semaphore, whose permits are an int. */
    private static final int KIBIBYTE = 1024;

    private final int capacity;
    private final Semaphore free;

    /**
     * Creates a budget.
     *
     * @param bytes size of the whole budget
     */
    public DecodeMemory(long bytes) {
        capacity = units(bytes);
        free = new Semaphore(capacity, true);
    }

    /** Returns whether the whole budget is large enough. */
    public boolean canHold(long bytes) {
        return units(bytes) <= capacity;
    }

    /**
     * Acquires memory, waiting until it is free.
     *
     * @param bytes how much
     * @param patience how long to wait
     * @return releases the memory; empty if it was not free in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<Runnable> acquire(long bytes, Duration patience) throws InterruptedException {
        int units = units(bytes);
        return free.tryAcquire(units, patience.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(() -> free.release(units))
                : Optional.empty();
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / KIBIBYTE + 1);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A memory budget shared by all decodes. A decode waits until the others have released enough memory. Waiting decodes
 * are served in order of arrival, so that a large picture does not starve.
 */
public final class DecodeMemory {

    /** Bytes per permit of the semaphore, which counts permits as an int. */
    private static final int PERMIT_BYTES = 1024;

    private final int capacity;
    private final Semaphore free;

    /**
     * Creates a budget.
     *
     * @param bytes total size of the budget
     */
    public DecodeMemory(long bytes) {
        capacity = permits(bytes);
        free = new Semaphore(capacity, true);
    }

    /** Returns whether the total budget is at least this large. */
    public boolean canHold(long bytes) {
        return permits(bytes) <= capacity;
    }

    /**
     * Acquires memory, waiting until it is free.
     *
     * @param bytes number of bytes to acquire
     * @param timeout how long to wait
     * @return an action that releases the memory; empty if it was not free in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<Runnable> acquire(long bytes, Duration timeout) throws InterruptedException {
        int permits = permits(bytes);
        return free.tryAcquire(permits, timeout.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(() -> free.release(permits))
                : Optional.empty();
    }

    /** Returns the number of bytes in use. */
    public long usedBytes() {
        return (long) (capacity - free.availablePermits()) * PERMIT_BYTES;
    }

    /** Returns the total size of the budget in bytes. */
    public long limitBytes() {
        return (long) capacity * PERMIT_BYTES;
    }

    /** Returns the number of decodes that wait for memory. */
    public int waiting() {
        return free.getQueueLength();
    }

    private static int permits(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / PERMIT_BYTES + 1);
    }
}

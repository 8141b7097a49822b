// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Two memory budgets shared by all decodes, one on the heap and one outside it. A decode waits until the others have
 * released enough of both. Waiting decodes are served in order of arrival, so that a large picture does not starve.
 *
 * <p>A decode acquires its heap first and then its memory outside the heap. This cannot deadlock: a decode that holds
 * memory outside the heap holds all that it needs, so it ends and releases both. A decode that holds only heap waits for
 * such decodes, or for others that hold only heap and are before it in the queue. The first of these gets its memory as
 * soon as the decodes that hold all they need have ended. Each decode joins both queues, even with nothing to acquire, so
 * that later ones do not starve it.
 */
public final class DecodeMemory {

    private final Memory limit;
    private final Area heap;
    private final Area outside;

    /** Creates the budgets. */
    public DecodeMemory(Memory limit) {
        this.limit = limit;
        heap = new Area(limit.heap());
        outside = new Area(limit.outside());
    }

    /**
     * Acquires memory, waiting until it is free.
     *
     * @param memory number of bytes to acquire, at most the {@link #limit}
     * @param timeout how long to wait
     * @return an action that releases the memory the first time it runs; empty if it was not free in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<Runnable> acquire(Memory memory, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        if (!heap.acquire(memory.heap(), timeout.toNanos())) {
            return Optional.empty();
        }
        boolean acquired = false;
        try {
            acquired = outside.acquire(memory.outside(), end - System.nanoTime());
        } finally {
            if (!acquired) {
                heap.release(memory.heap());
            }
        }
        if (!acquired) {
            return Optional.empty();
        }
        AtomicBoolean released = new AtomicBoolean();
        return Optional.of(() -> {
            if (!released.getAndSet(true)) {
                release(memory);
            }
        });
    }

    private void release(Memory memory) {
        outside.release(memory.outside());
        heap.release(memory.heap());
    }

    /** Returns the memory in use. */
    public Memory used() {
        return new Memory(heap.usedBytes(), outside.usedBytes());
    }

    /** Returns the total size of the budgets. */
    public Memory limit() {
        return limit;
    }

    /** Returns the number of decodes that wait for memory. */
    public int waiting() {
        return heap.free.getQueueLength() + outside.free.getQueueLength();
    }

    /** One of the budgets. */
    private static final class Area {

        /** Bytes per permit of the semaphore, which counts permits as an int. */
        private static final int PERMIT_BYTES = 1024;

        private final int capacity;
        private final Semaphore free;

        Area(long bytes) {
            capacity = permits(bytes);
            free = new Semaphore(capacity, true);
        }

        boolean acquire(long bytes, long nanos) throws InterruptedException {
            return free.tryAcquire(permits(bytes), nanos, TimeUnit.NANOSECONDS);
        }

        void release(long bytes) {
            free.release(permits(bytes));
        }

        long usedBytes() {
            return (long) (capacity - free.availablePermits()) * PERMIT_BYTES;
        }

        private static int permits(long bytes) {
            return (int) Math.min(Integer.MAX_VALUE, bytes / PERMIT_BYTES + Math.min(1, bytes % PERMIT_BYTES));
        }
    }
}

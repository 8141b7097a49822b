// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.concurrent.Semaphore;

/**
 * The memory that all decodes together may hold. One that does not fit beside the others waits, first come first served, so that
 * a big picture gets its turn.
 */
final class DecodeMemory {

    /** The unit of the semaphore, which counts in int. */
    private static final int KIBIBYTE = 1024;

    private final int capacity;
    private final Semaphore free;

    /** @param bytes in all */
    DecodeMemory(long bytes) {
        capacity = units(bytes);
        free = new Semaphore(capacity, true);
    }

    /** Whether so much could be had at all. */
    boolean canHold(long bytes) {
        return units(bytes) <= capacity;
    }

    /**
     * Waits until so much is free.
     *
     * @return gives it back
     */
    Runnable take(long bytes) throws InterruptedException {
        int units = units(bytes);
        free.acquire(units);
        return () -> free.release(units);
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / KIBIBYTE + 1);
    }
}

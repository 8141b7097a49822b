// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The memory that all decodes together may hold. One that does not fit beside the others waits, first come first served, so that
 * a big picture gets its turn.
 */
final class DecodeMemory {

    /** The unit of the semaphore, which counts in int. */
    private static final int KIBIBYTE = 1024;

    /** How often one that waits looks whether there is hope. It goes to the end of the line then, so not often. */
    private static final int LOOK_UP_SECONDS = 60;

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
     * @param hopeless whether some of it will never be given back
     * @return gives it back
     * @throws IllegalStateException if there is no use in waiting
     */
    Runnable take(long bytes, BooleanSupplier hopeless) throws InterruptedException {
        int units = units(bytes);
        while (!free.tryAcquire(units, LOOK_UP_SECONDS, TimeUnit.SECONDS)) {
            if (hopeless.getAsBoolean()) {
                throw new IllegalStateException("A decode that hangs holds the memory: restart the process");
            }
        }
        return () -> free.release(units);
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / KIBIBYTE + 1);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the heap that all request bodies together may use while they are being received. */
final class BodyMemory {

    private final AtomicLong freeBytes;

    /** @param bytes the limit */
    BodyMemory(long bytes) {
        this.freeBytes = new AtomicLong(bytes);
    }

    /** Reserves the given number of bytes, or returns false if less is left. */
    boolean tryAcquire(int bytes) {
        if (freeBytes.addAndGet(-bytes) >= 0) {
            return true;
        }
        release(bytes);
        return false;
    }

    void release(int bytes) {
        freeBytes.addAndGet(bytes);
    }
}

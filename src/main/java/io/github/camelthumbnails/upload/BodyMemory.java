// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Heap budget for the first bytes of uploads, which are received into memory before the transfer to S3 starts. All
 * uploads share it.
 */
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

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.util.concurrent.atomic.AtomicLong;

/** How much of the heap all bodies together may take that are being received. */
final class BodyMemory {

    private final AtomicLong free;

    /** @param bytes that may be taken */
    BodyMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** Takes some, unless there is less left. */
    boolean take(int bytes) {
        if (free.addAndGet(-bytes) >= 0) {
            return true;
        }
        giveBack(bytes);
        return false;
    }

    void giveBack(int bytes) {
        free.addAndGet(bytes);
    }
}

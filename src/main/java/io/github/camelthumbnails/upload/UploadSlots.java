// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Slots for uploads that need something of which there is not much. When all are taken, the slowest client loses its own to the
 * next one, if it is slower than it may be then. So slow clients cannot keep the others out.
 */
public final class UploadSlots {

    /** How long to wait for a slot, and how many may: each has a thread. */
    private static final long PATIENCE_SECONDS = 2;

    private static final int MAX_WAITING = 50;

    private final Semaphore free;
    private final int minBytesPerSecond;
    private final Set<RequestStream> holders = ConcurrentHashMap.newKeySet();

    /**
     * @param count how many there are
     * @param minBytesPerSecond below this an upload is slow
     */
    public UploadSlots(long count, int minBytesPerSecond) {
        this.free = new Semaphore((int) Math.max(1, Math.min(count, Integer.MAX_VALUE)));
        this.minBytesPerSecond = minBytesPerSecond;
    }

    /**
     * Takes one.
     *
     * @throws RequestRefusedException if none becomes free
     */
    void take(RequestStream upload) throws RequestRefusedException {
        if (!free.tryAcquire()) {
            giveUpTheSlowest();
            try {
                if (free.getQueueLength() >= MAX_WAITING || !free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw RequestRefusedException.busy("Too many uploads at once: try again later");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw RequestRefusedException.busy("The application is stopping: try again later");
            }
        }
        holders.add(upload);
    }

    private void giveUpTheSlowest() {
        holders.stream()
                .filter(upload -> !upload.isGivenUp() && upload.bytesPerSecond() < minBytesPerSecond)
                .min(Comparator.comparingDouble(RequestStream::bytesPerSecond))
                .ifPresent(RequestStream::giveUp);
    }

    /** Gives the slot of an upload free, if it has one. */
    void giveBack(RequestStream upload) {
        if (holders.remove(upload)) {
            free.release();
        }
    }
}

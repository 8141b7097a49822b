// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many uploads use a scarce resource, such as memory, at the same time. When no slot is free, a new upload
 * cancels the slowest one that is below the minimum rate, so that slow clients cannot block the others.
 *
 * <p>One lock guards the whole state. Two uploads that arrive together therefore cancel two different uploads, and a
 * released slot goes to the upload that has waited longest.
 */
public final class UploadSlots {

    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    /** Maximum number of waiting uploads. Each one occupies a thread. */
    static final int MAX_WAITING = 50;

    private final long count;
    private final int minBytesPerSecond;
    private final Duration maxWait;

    // Guarded by this.
    private long freeSlots;
    private final Set<RequestStream> holders = new HashSet<>();
    private final Queue<WaitingUpload> waiting = new ArrayDeque<>();

    /**
     * @param count number of slots; less than 1 counts as 1
     * @param minBytesPerSecond the rate below which an upload can be cancelled
     */
    public UploadSlots(long count, int minBytesPerSecond) {
        this(count, minBytesPerSecond, MAX_WAIT);
    }

    UploadSlots(long count, int minBytesPerSecond, Duration maxWait) {
        this.count = Math.max(1, count);
        this.freeSlots = this.count;
        this.minBytesPerSecond = minBytesPerSecond;
        this.maxWait = maxWait;
    }

    /** An upload that waits for a slot. The latch opens when it gets one. */
    private record WaitingUpload(RequestStream upload, CountDownLatch hasSlot) {}

    /**
     * Acquires a slot, waiting briefly if none is free.
     *
     * @throws RequestRefusedException if no slot becomes free in time, or too many uploads are waiting
     */
    void acquire(RequestStream upload) throws RequestRefusedException {
        WaitingUpload entry = new WaitingUpload(upload, new CountDownLatch(1));
        synchronized (this) {
            if (freeSlots > 0) { // so nobody is waiting
                freeSlots--;
                holders.add(upload);
                return;
            }
            if (waiting.size() >= MAX_WAITING) {
                throw busy();
            }
            cancelSlowest();
            waiting.add(entry);
        }
        boolean interrupted = false;
        try {
            if (entry.hasSlot.await(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted = true;
        }
        synchronized (this) {
            if (!waiting.remove(entry)) {
                return; // it got a slot at the last moment
            }
        }
        throw interrupted ? RequestRefusedException.busy("The application is stopping. Try again later.") : busy();
    }

    private static RequestRefusedException busy() {
        return RequestRefusedException.busy("Too many concurrent uploads. Try again later.");
    }

    private void cancelSlowest() {
        holders.stream()
                .filter(upload -> !upload.isCancelled() && upload.bytesPerSecond() < minBytesPerSecond)
                .min(Comparator.comparingDouble(RequestStream::bytesPerSecond))
                .ifPresent(RequestStream::cancel);
    }

    /** Returns the number of slots. */
    long count() {
        return count;
    }

    /** Returns the number of slots in use. */
    synchronized int used() {
        return holders.size();
    }

    /** Releases the slot of an upload, if it has one, to the upload that has waited longest. */
    synchronized void release(RequestStream upload) {
        if (!holders.remove(upload)) {
            return;
        }
        WaitingUpload next = waiting.poll();
        if (next == null) {
            freeSlots++;
        } else {
            holders.add(next.upload);
            next.hasSlot.countDown();
        }
    }
}

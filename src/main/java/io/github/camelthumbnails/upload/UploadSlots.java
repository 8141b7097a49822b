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
 * Limits how many uploads use a scarce resource at the same time. When no slot is free, the slowest upload is cancelled for the next one, if
 * it is slower than the minimum. So slow clients cannot keep the others out.
 *
 * <p>One lock covers all of it: two uploads that arrive together cancel two others and not the same one, and a slot goes to the upload
 * that has waited longest.
 */
public final class UploadSlots {

    /** How long an upload waits for a slot. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Maximum number of uploads that wait, because each has a thread. */
    static final int MAX_WAITING = 50;

    private final int minBytesPerSecond;
    private final Duration patience;

    // Guarded by this.
    private long free;
    private final Set<RequestStream> holders = new HashSet<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();

    /**
     * @param count number of slots; at least one
     * @param minBytesPerSecond an upload below this is slow
     */
    public UploadSlots(long count, int minBytesPerSecond) {
        this(count, minBytesPerSecond, PATIENCE);
    }

    UploadSlots(long count, int minBytesPerSecond, Duration patience) {
        this.free = Math.max(1, count);
        this.minBytesPerSecond = minBytesPerSecond;
        this.patience = patience;
    }

    /** An upload without a slot; the latch opens when it has one. */
    private record Waiting(RequestStream upload, CountDownLatch hasSlot) {}

    /**
     * Acquires a slot, waiting briefly if none is free.
     *
     * @throws RequestRefusedException if none becomes free
     */
    void take(RequestStream upload) throws RequestRefusedException {
        Waiting turn = new Waiting(upload, new CountDownLatch(1));
        synchronized (this) {
            if (free > 0) { // then nobody waits
                free--;
                holders.add(upload);
                return;
            }
            if (waiting.size() >= MAX_WAITING) {
                throw busy();
            }
            cancelSlowest();
            waiting.add(turn);
        }
        boolean interrupted = false;
        try {
            if (turn.hasSlot.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted = true;
        }
        synchronized (this) {
            if (!waiting.remove(turn)) {
                return; // it got its slot in the last moment
            }
        }
        throw interrupted ? RequestRefusedException.busy("The application is stopping: try again later") : busy();
    }

    private static RequestRefusedException busy() {
        return RequestRefusedException.busy("Too many uploads at once: try again later");
    }

    private void cancelSlowest() {
        holders.stream()
                .filter(upload -> !upload.isGivenUp() && upload.bytesPerSecond() < minBytesPerSecond)
                .min(Comparator.comparingDouble(RequestStream::bytesPerSecond))
                .ifPresent(RequestStream::giveUp);
    }

    /** Releases the slot of an upload, if it has one, to the upload that has waited longest. */
    synchronized void giveBack(RequestStream upload) {
        if (!holders.remove(upload)) {
            return;
        }
        Waiting next = waiting.poll();
        if (next == null) {
            free++;
        } else {
            holders.add(next.upload);
            next.hasSlot.countDown();
        }
    }
}

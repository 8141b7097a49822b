// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures a client's upload rate over the last seconds. Only the time in which the server waited for the client
 * counts, because a slow S3 is not the client's fault. Thread-safe, because an upload that needs a slot compares the
 * rates of the others.
 */
final class UploadRate {

    /**
     * Seconds of waiting that the rate covers. Earlier bytes do not count, so a fast start cannot offset a slow rest.
     */
    static final int WINDOW_SECONDS = 10;

    /** Seconds that the server must have waited for a client before the client can count as slow. */
    static final int MIN_WAITED_SECONDS = 5;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;

    /** Bytes received in each second of waiting. The index is the number of the second modulo the window. */
    private final long[] bytes = new long[WINDOW_SECONDS];

    private long newestSecond;
    private long finishedWaitsNanos;
    private long waitingSince;
    private boolean waiting;

    /** @param nanoTime a monotonic clock, in nanoseconds */
    UploadRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Starts counting time, because the server now waits for the client. */
    synchronized void startWaiting() {
        waiting = true;
        waitingSince = nanoTime.getAsLong();
    }

    /**
     * Stops counting time, because the client has sent something or the server has stopped waiting.
     *
     * @param received number of bytes that the client has sent since the last call
     */
    synchronized void stopWaiting(long received) {
        finishedWaitsNanos = totalWaitedNanos();
        waiting = false;
        forgetOld();
        bytes[(int) (newestSecond % WINDOW_SECONDS)] += received;
    }

    /** Returns the rate of the last seconds, or infinity if the server has not waited long enough to tell. */
    synchronized double bytesPerSecond() {
        long waitedNanos = totalWaitedNanos();
        if (waitedNanos < MIN_WAITED_SECONDS * NANOS_PER_SECOND) {
            return Double.POSITIVE_INFINITY;
        }
        forgetOld();
        long windowStart = Math.max(0, newestSecond - WINDOW_SECONDS + 1) * NANOS_PER_SECOND;
        return Arrays.stream(bytes).sum() / ((double) (waitedNanos - windowStart) / NANOS_PER_SECOND);
    }

    private long totalWaitedNanos() {
        return finishedWaitsNanos + (waiting ? nanoTime.getAsLong() - waitingSince : 0);
    }

    private void forgetOld() {
        long second = totalWaitedNanos() / NANOS_PER_SECOND;
        long from = Math.max(newestSecond + 1, second - WINDOW_SECONDS + 1);
        for (long old = from; old <= second; old++) {
            bytes[(int) (old % WINDOW_SECONDS)] = 0;
        }
        newestSecond = second;
    }
}

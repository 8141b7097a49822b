// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures how fast a client has been sending lately. Only the time in which the server waited for the client counts: a slow S3 is not the
 * client's fault. Thread-safe, because the uploads that need a slot compare the rates of the others.
 */
final class UploadRate {

    /** The seconds of waiting that the rate covers. What came before does not count, so that a fast start earns nothing. */
    static final int WINDOW_SECONDS = 10;

    /** How long the server has to have waited for a client before it can be called slow. */
    static final int SECONDS_TO_JUDGE = 5;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;

    /** Bytes by second of waiting, the number of the second modulo the window. */
    private final long[] bytes = new long[WINDOW_SECONDS];

    private long newestSecond;
    private long waitedNanos;
    private long waitingSince;
    private boolean waiting;

    /** @param nanoTime a monotonic clock, in nanoseconds */
    UploadRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes that the server waits for the client from now on. */
    synchronized void startWaiting() {
        waiting = true;
        waitingSince = nanoTime.getAsLong();
    }

    /** Notes that the client has sent something, or that the server waits no longer. */
    synchronized void stopWaiting(long received) {
        waitedNanos = waited();
        waiting = false;
        forgetOld();
        bytes[(int) (newestSecond % WINDOW_SECONDS)] += received;
    }

    /** Returns the bytes per second of the last seconds, or infinity if the server has not yet waited for long. */
    synchronized double bytesPerSecond() {
        long waited = waited();
        if (waited < SECONDS_TO_JUDGE * SECOND) {
            return Double.POSITIVE_INFINITY;
        }
        forgetOld();
        long windowStart = Math.max(0, newestSecond - WINDOW_SECONDS + 1) * SECOND;
        return Arrays.stream(bytes).sum() / ((double) (waited - windowStart) / SECOND);
    }

    private long waited() {
        return waitedNanos + (waiting ? nanoTime.getAsLong() - waitingSince : 0);
    }

    private void forgetOld() {
        long second = waited() / SECOND;
        long from = Math.max(newestSecond + 1, second - WINDOW_SECONDS + 1);
        for (long old = from; old <= second; old++) {
            bytes[(int) (old % WINDOW_SECONDS)] = 0;
        }
        newestSecond = second;
    }
}

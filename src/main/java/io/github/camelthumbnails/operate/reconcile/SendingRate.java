// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.Operation;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits the rate at which events are sent, and the number of messages that wait on the queue. SQS reports that number up to a minute late,
 * so the queue may exceed the limit for a while.
 */
final class SendingRate {

    /** Time after which SQS is asked again how many messages wait. */
    private static final long MAX_AGE_NANOS = Duration.ofSeconds(5).toNanos();

    private final int eventsPerSecond;
    private final int maxWaiting;
    private final LongSupplier waiting;
    private final LongSupplier nanoTime;
    private long knownWaiting;
    private long askedAt;
    private boolean asked;
    private long nextAt;
    private boolean started;

    /**
     * @param waiting asks SQS how many messages wait
     * @param nanoTime the clock, such as {@link System#nanoTime}
     */
    SendingRate(int eventsPerSecond, int maxWaiting, LongSupplier waiting, LongSupplier nanoTime) {
        this.eventsPerSecond = eventsPerSecond;
        this.maxWaiting = maxWaiting;
        this.waiting = waiting;
        this.nanoTime = nanoTime;
    }

    /** Returns whether no events may be sent now, because too many messages wait. A cancelled run does not wait. */
    boolean isQueueFull(Operation operation) {
        if (operation.isCancelled()) {
            return false;
        }
        if (!asked || knownWaiting > maxWaiting || nanoTime.getAsLong() - askedAt > MAX_AGE_NANOS) {
            knownWaiting = waiting.getAsLong();
            askedAt = nanoTime.getAsLong();
            asked = true;
        }
        return knownWaiting > maxWaiting;
    }

    /** Returns the number of milliseconds to wait before the next events, and reserves the time that follows for them. */
    long reserve(int events) {
        long now = nanoTime.getAsLong();
        long start = started ? Math.max(now, nextAt) : now;
        started = true;
        nextAt = start + Duration.ofSeconds(events).toNanos() / Math.max(1, eventsPerSecond);
        return Duration.ofNanos(start - now).toMillis();
    }

    /** Counts events that were sent since SQS was asked. */
    void sent(int events) {
        knownWaiting += events;
    }
}

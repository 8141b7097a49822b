// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.time.Duration;

/**
 * The delay before SQS delivers an event again that could not be processed: doubled with each receive, up to a maximum.
 *
 * @param first after the first receive
 * @param max of a single delay; SQS allows 12 hours
 */
public record RetryBackoff(Duration first, Duration max) {

    /** How far a delay may be below its nominal value, so that events of one outage do not all come back together. */
    static final double JITTER = 0.2;

    /**
     * Calculates the delay after a receive.
     *
     * @param receiveCount how often the event has been received, 1 for the first time
     * @param random from 0 to 1; 0 gives the longest delay
     * @return whole seconds
     */
    int seconds(int receiveCount, double random) {
        return (int) Math.round(nominalSeconds(receiveCount) * (1 - JITTER * random));
    }

    /**
     * Calculates how long an event that was received before stays hidden while a worker has it. The worker may have died of it, and
     * may do so again. A random time parts it from the events that were in work next to it, which would otherwise come back at the
     * same moment each time and be lost with it. And it grows, so that workers do not die more and more often.
     *
     * @param receiveCount how often the event has been received, at least 2
     * @param visibilityTimeout of a first receive, in seconds
     * @param random from 0 to 1
     * @return seconds, not less than the visibility timeout
     */
    int hiddenSeconds(int receiveCount, int visibilityTimeout, double random) {
        return visibilityTimeout + (int) Math.round(Math.max(visibilityTimeout, nominalSeconds(receiveCount)) * random);
    }

    /**
     * Calculates how many receives an outage of this length can use up, the last one after its end.
     *
     * @return the {@code maxReceiveCount} that the queue needs at least
     */
    int receivesWithin(Duration outage) {
        int receives = 1;
        for (double seconds = 0; seconds < outage.toSeconds(); receives++) {
            seconds += nominalSeconds(receives) * (1 - JITTER);
        }
        return receives;
    }

    /** Calculates the longest time that an event can be delayed in all before its last receive, in seconds. */
    long totalSeconds(int maxReceiveCount) {
        long seconds = 0;
        for (int receive = 1; receive < maxReceiveCount; receive++) {
            seconds += nominalSeconds(receive);
        }
        return seconds;
    }

    private long nominalSeconds(int receiveCount) {
        int doublings = Math.min(receiveCount - 1, 30); // beyond that, the maximum has long been reached
        return Math.min(max.toSeconds(), first.toSeconds() << doublings);
    }
}

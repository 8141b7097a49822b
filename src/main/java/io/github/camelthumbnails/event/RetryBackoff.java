// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.time.Duration;

/**
 * Calculates the delay before SQS redelivers an event that could not be processed: exponential back-off with jitter and a maximum.
 *
 * @param first the delay after the first receive
 * @param max the maximum of a single delay; SQS allows 12 hours
 */
public record RetryBackoff(Duration first, Duration max) {

    /** Fraction by which a delay may be shortened, so that the events of one outage are not all redelivered together. */
    static final double JITTER = 0.2;

    /**
     * Calculates the delay after a receive.
     *
     * @param receiveCount the number of receives of the event, including this one
     * @param random a random number from 0 to 1; 0 gives the longest delay
     * @return the delay in seconds
     */
    int delaySeconds(int receiveCount, double random) {
        return (int) Math.round(nominalSeconds(receiveCount) * (1 - JITTER * random));
    }

    /**
     * Calculates the visibility timeout of an event that was received before. Its picture may have crashed the worker, and may do
     * so again. A random timeout separates it from the events that were processed in parallel: otherwise they would be redelivered
     * together each time, and all be lost with it. The timeout grows, so that workers do not crash more and more often.
     *
     * @param receiveCount the number of receives of the event, at least 2
     * @param visibilityTimeout the visibility timeout of a first receive, in seconds
     * @param random a random number from 0 to 1
     * @return seconds, not less than {@code visibilityTimeout}
     */
    int visibilitySeconds(int receiveCount, int visibilityTimeout, double random) {
        return visibilityTimeout + (int) Math.round(Math.max(visibilityTimeout, nominalSeconds(receiveCount)) * random);
    }

    /**
     * Calculates the maximum number of receives of an event during an outage, including the first one after its end.
     *
     * @return the smallest {@code maxReceiveCount} of a queue on which events survive the outage
     */
    int receivesWithin(Duration outage) {
        int receives = 1;
        for (double seconds = 0; seconds < outage.toSeconds(); receives++) {
            seconds += nominalSeconds(receives) * (1 - JITTER);
        }
        return receives;
    }

    /** Calculates the longest total delay of an event before its last receive, in seconds. */
    long totalSeconds(int maxReceiveCount) {
        long seconds = 0;
        for (int receive = 1; receive < maxReceiveCount; receive++) {
            seconds += nominalSeconds(receive);
        }
        return seconds;
    }

    private long nominalSeconds(int receiveCount) {
        int doublings = Math.min(receiveCount - 1, 30); // more would overflow, and the maximum is reached long before
        return Math.min(max.toSeconds(), first.toSeconds() << doublings);
    }
}

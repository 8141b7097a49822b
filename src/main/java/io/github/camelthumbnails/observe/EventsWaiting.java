// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Polls the number of visible messages on the events queue every 30 s. It does so in the background, so that reading the number never
 * blocks.
 */
final class EventsWaiting {

    private static final int SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(EventsWaiting.class);

    private final SqsClient sqs;
    private final String queue;
    private volatile double count = Double.NaN;

    /**
     * Creates a counter that does not ask yet.
     *
     * @param queue URL, name or ARN of the events queue
     */
    EventsWaiting(SqsClient sqs, String queue) {
        this.sqs = sqs;
        this.queue = queue;
    }

    /** Starts to ask SQS regularly, until the executor is shut down. */
    void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::ask, 0, SECONDS, TimeUnit.SECONDS);
    }

    /** Asks SQS. */
    void ask() {
        try {
            count = Double.parseDouble(sqs.getQueueAttributes(request ->
                            request.queueUrl(queue).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                    .attributes()
                    .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        } catch (RuntimeException e) { // an exception would end the schedule
            count = Double.NaN;
            LOG.debug("The events on the queue could not be counted", e); // failed polls of the queue are warned of
        }
    }

    /** Returns the approximate number of messages, not counting those that are being processed. NaN if it is not known. */
    double count() {
        return count;
    }
}

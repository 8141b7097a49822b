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
 * Polls the number of messages that wait on the events queue every 30 seconds, in the background, so that a scrape of the metrics
 * never waits for SQS.
 */
final class EventsWaiting {

    private static final int INTERVAL_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(EventsWaiting.class);

    private final SqsClient sqs;
    private final String queue;
    private volatile double count = Double.NaN;

    /**
     * Creates an object that does not poll before it is started.
     *
     * @param queue URL, name or ARN of the events queue
     */
    EventsWaiting(SqsClient sqs, String queue) {
        this.sqs = sqs;
        this.queue = queue;
    }

    /** Starts to poll SQS, until the executor is shut down. */
    void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::ask, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Asks SQS for the number once. It is NaN afterwards if that fails. */
    void ask() {
        try {
            count = Double.parseDouble(sqs.getQueueAttributes(request ->
                            request.queueUrl(queue).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                    .attributes()
                    .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        } catch (RuntimeException e) { // it would end the schedule
            count = Double.NaN;
            LOG.debug("The number of messages on the events queue is unknown", e); // the consumers warn of an outage
        }
    }

    /** Returns the approximate number of messages, without those that are being processed, or NaN if it is unknown. */
    double count() {
        return count;
    }
}

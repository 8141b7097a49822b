// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.ExchangeException;
import org.apache.camel.Header;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Controls the redelivery of events through their visibility timeout: an event that could not be processed is
 * redelivered after a delay that grows with its receive count. Until then the event stays on the events queue. After
 * the last receive SQS moves it to the dead-letter queue.
 */
public final class EventsQueue {

    private static final Logger LOG = LoggerFactory.getLogger(EventsQueue.class);

    /** How long a redrive policy is cached: it may be changed while the application runs. */
    private static final Duration POLICY_MAX_AGE = Duration.ofMinutes(5);

    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(30);

    private final SqsClient sqs;
    private final String url;
    private final RetryBackoff backoff;
    private final int visibilityTimeout;
    private int maxReceiveCount = Integer.MAX_VALUE;
    private long policyExpiry = System.nanoTime();

    /**
     * Creates the bean for one queue.
     *
     * @param url the queue's URL, name or ARN
     * @param backoff calculates the delays between receives
     * @param visibilityTimeout the visibility timeout of received events, in seconds
     */
    public EventsQueue(SqsClient sqs, String url, RetryBackoff backoff, int visibilityTimeout) {
        this.sqs = sqs;
        this.url = url;
        this.backoff = backoff;
        this.visibilityTimeout = visibilityTimeout;
    }

    /**
     * Returns whether this is the last receive of an event: SQS moves it to the dead-letter queue unless it is acknowledged.
     *
     * @param receiveCount the number of receives including this one, or null if an emulator does not report it
     * @return false also if the queue's redrive policy cannot be read: the event then ends in the dead-letter queue
     */
    public boolean isLastReceive(@Header("ApproximateReceiveCount") Integer receiveCount) {
        return receiveCount != null && receiveCount >= maxReceiveCount();
    }

    /**
     * Extends the visibility timeout of an event that was received before. {@link RetryBackoff#visibilitySeconds} explains why. If the
     * call fails, the queue's visibility timeout applies.
     */
    public void hideLonger(
            @Header(Sqs2Constants.RECEIPT_HANDLE) String receiptHandle,
            @Header("ApproximateReceiveCount") Integer receiveCount) {
        if (receiveCount != null && receiveCount > 1) {
            setVisibility(
                    receiptHandle,
                    backoff.visibilitySeconds(
                            receiveCount,
                            visibilityTimeout,
                            ThreadLocalRandom.current().nextDouble()));
        }
    }

    /**
     * Delays the redelivery of an event that could not be processed. A message that is not an S3 event is redelivered after a
     * second, so that it reaches the dead-letter queue quickly. If the call fails, the queue's visibility timeout applies.
     */
    public void delay(
            @Header(Sqs2Constants.RECEIPT_HANDLE) String receiptHandle,
            @Header("ApproximateReceiveCount") Integer receiveCount,
            @ExchangeException Exception cause) {
        int count = receiveCount == null ? 1 : receiveCount;
        int seconds = cause instanceof NotAnS3EventException
                ? 1
                : backoff.delaySeconds(count, ThreadLocalRandom.current().nextDouble());
        setVisibility(receiptHandle, seconds);
    }

    private void setVisibility(String receiptHandle, int seconds) {
        try {
            sqs.changeMessageVisibility(request ->
                    request.queueUrl(url).receiptHandle(receiptHandle).visibilityTimeout(seconds));
        } catch (SdkException e) {
            LOG.debug("The visibility timeout of an event could not be changed", e);
        }
    }

    private synchronized int maxReceiveCount() {
        if (System.nanoTime() - policyExpiry >= 0) {
            policyExpiry = System.nanoTime() + PAUSE_AFTER_ERROR.toNanos();
            try {
                maxReceiveCount = maxReceiveCount(sqs.getQueueAttributes(
                                request -> request.queueUrl(url).attributeNames(QueueAttributeName.REDRIVE_POLICY))
                        .attributes());
                policyExpiry = System.nanoTime() + POLICY_MAX_AGE.toNanos();
            } catch (SdkException e) {
                LOG.debug("The redrive policy of the events queue could not be read", e); // EventsQueueCheck warns
            }
        }
        return maxReceiveCount;
    }

    /** Reads {@code maxReceiveCount} from a queue's attributes. Without a usable redrive policy there is no last receive. */
    static int maxReceiveCount(Map<QueueAttributeName, String> attributes) {
        try {
            return Integer.parseInt(JsonNode.parser()
                    .parse(attributes.get(QueueAttributeName.REDRIVE_POLICY))
                    .field("maxReceiveCount")
                    .orElseThrow()
                    .text());
        } catch (RuntimeException e) { // missing, or malformed by an emulator
            return Integer.MAX_VALUE;
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Checks the attributes of the events queue, and logs a warning if events would be lost during an outage or redelivered endlessly.
 * The process runs all the same, because somebody else may own the queue, and the permission {@code sqs:GetQueueAttributes} may
 * be missing. docs/capacity.md explains the rule R4.
 */
public final class EventsQueueCheck implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EventsQueueCheck.class);

    /** Length of an AWS outage that must not use up all receives of an event. */
    private static final Duration MAX_OUTAGE = Duration.ofHours(1);

    /** Schedules the check for after the start, on a thread of its own, because SQS may not respond. */
    @Override
    public void configure(CamelContext context) throws Exception {
        if (context.resolvePropertyPlaceholders("{{app.roles}}").contains("thumbnail")) {
            context.addStartupListener((started, already) -> started.getExecutorServiceManager()
                    .newThread("check-events-queue", () -> check(started))
                    .start());
        }
    }

    private static void check(CamelContext context) {
        SqsClient sqs = context.getRegistry().lookupByNameAndType("sqsClient", SqsClient.class);
        if (sqs == null) {
            return; // the application has stopped in the meantime
        }
        try {
            warn(
                    sqs,
                    context.resolvePropertyPlaceholders("{{events.queue.url:{{events.queue.name}}}}"),
                    number(context, "events.visibilityTimeout"),
                    new RetryBackoff(
                            Duration.ofSeconds(number(context, "events.backoffSeconds")),
                            Duration.ofSeconds(number(context, "events.maxBackoffSeconds"))),
                    warning -> LOG.warn("The events queue {}", warning));
        } catch (SdkException e) {
            LOG.info("The attributes of the events queue could not be checked: {}", e.getMessage());
        }
    }

    private static int number(CamelContext context, String setting) {
        return Integer.parseInt(context.resolvePropertyPlaceholders("{{" + setting + "}}"));
    }

    /**
     * Compares the attributes of the queue with the retry settings.
     *
     * @param queue the URL of the events queue
     * @param visibilityTimeout the visibility timeout of received events, in seconds
     * @param backoff calculates the delays between receives
     * @param warnings receives each warning immediately, because reading the dead-letter queue may fail later
     */
    static void warn(
            SqsClient sqs, String queue, int visibilityTimeout, RetryBackoff backoff, Consumer<String> warnings) {
        Map<QueueAttributeName, String> attributes = attributes(sqs, queue);
        String redrivePolicy = attributes.get(QueueAttributeName.REDRIVE_POLICY);
        int receives = backoff.receivesWithin(MAX_OUTAGE);
        if (redrivePolicy == null) {
            warnings.accept(
                    "has no redrive policy: messages that are not S3 events are redelivered until they expire, and lasting"
                            + " failures are never reported. Add a dead-letter queue and a maxReceiveCount of at least "
                            + receives);
            return;
        }
        int maxReceiveCount = EventsQueue.maxReceiveCount(attributes);
        if (maxReceiveCount < receives) {
            warnings.accept(
                    "has a maxReceiveCount of " + maxReceiveCount + ": set it to at least " + receives
                            + ", so that events survive an AWS outage of an hour (events.backoffSeconds, events.maxBackoffSeconds)");
        }
        long retention = retention(attributes);
        long needed = 2 * (backoff.totalSeconds(maxReceiveCount) + (long) visibilityTimeout * maxReceiveCount);
        if (needed > retention) {
            warnings.accept("keeps messages for " + retention + " s: set it to more than " + needed
                    + ", or events expire before they are received " + maxReceiveCount + " times");
        }
        // A dead-letter queue is in the same account and region, so its URL follows from that of the events queue.
        String deadArn = JsonNode.parser()
                .parse(redrivePolicy)
                .field("deadLetterTargetArn")
                .orElseThrow()
                .text();
        long deadRetention = retention(
                attributes(sqs, queue.replaceFirst("[^/]+$", deadArn.substring(deadArn.lastIndexOf(':') + 1))));
        if (deadRetention <= retention && retention < Long.MAX_VALUE) {
            warnings.accept("keeps messages for " + retention + " s and its dead-letter queue for " + deadRetention
                    + " s: increase the latter or reduce the former, because a moved message keeps the time when it was"
                    + " first sent");
        }
    }

    /** Returns the message retention period in seconds, unlimited if an emulator does not report it. */
    private static long retention(Map<QueueAttributeName, String> attributes) {
        String retention = attributes.get(QueueAttributeName.MESSAGE_RETENTION_PERIOD);
        return retention == null ? Long.MAX_VALUE : Long.parseLong(retention);
    }

    private static Map<QueueAttributeName, String> attributes(SqsClient sqs, String queue) {
        return sqs.getQueueAttributes(request -> request.queueUrl(queue)
                        .attributeNames(QueueAttributeName.REDRIVE_POLICY, QueueAttributeName.MESSAGE_RETENTION_PERIOD))
                .attributes();
    }
}

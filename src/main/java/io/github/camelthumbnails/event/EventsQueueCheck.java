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
 * Warns of an events queue on which events do not outlast an outage, or never end. It is only a warning, because somebody else may
 * own the queue, and the permission {@code sqs:GetQueueAttributes} may be missing. docs/capacity.md explains the rule R4.
 */
public final class EventsQueueCheck implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EventsQueueCheck.class);

    /** How long AWS may be away without an event reaching its last receive. */
    private static final Duration OUTAGE = Duration.ofHours(1);

    /** Looks at the queue once the application runs, on a thread of its own, for SQS may not answer. */
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
            return; // stopped in between
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
     * Compares the attributes of the queue with the times in the settings.
     *
     * @param queue URL of the events queue
     * @param visibilityTimeout of a received event, in seconds
     * @param backoff the delays between receives
     * @param warnings receives each warning as soon as it is known: the dead-letter queue may not be readable
     */
    static void warn(
            SqsClient sqs, String queue, int visibilityTimeout, RetryBackoff backoff, Consumer<String> warnings) {
        Map<QueueAttributeName, String> attributes = attributes(sqs, queue);
        String redrivePolicy = attributes.get(QueueAttributeName.REDRIVE_POLICY);
        int receives = backoff.receivesWithin(OUTAGE);
        if (redrivePolicy == null) {
            warnings.accept(
                    "has no redrive policy: a message that is no S3 event comes back until it expires, and lasting"
                            + " failures are never reported. Give it a dead-letter queue and a maxReceiveCount of at least "
                            + receives);
            return;
        }
        int maxReceiveCount = EventsQueue.maxReceiveCount(attributes);
        if (maxReceiveCount < receives) {
            warnings.accept("has a maxReceiveCount of " + maxReceiveCount + ": set it to at least " + receives
                    + ", so that events outlast an hour without AWS (events.backoffSeconds, events.maxBackoffSeconds)");
        }
        long retention = retention(attributes);
        long needed = 2 * (backoff.totalSeconds(maxReceiveCount) + (long) visibilityTimeout * maxReceiveCount);
        if (needed > retention) {
            warnings.accept("keeps messages for " + retention + " s: set it to more than " + needed
                    + ", or events expire before they have been received " + maxReceiveCount + " times");
        }
        // It always belongs to the same account and region, so that its URL need not be looked up.
        String deadArn = JsonNode.parser()
                .parse(redrivePolicy)
                .field("deadLetterTargetArn")
                .orElseThrow()
                .text();
        long deadRetention = retention(
                attributes(sqs, queue.replaceFirst("[^/]+$", deadArn.substring(deadArn.lastIndexOf(':') + 1))));
        if (deadRetention <= retention && retention < Long.MAX_VALUE) {
            warnings.accept("keeps messages for " + retention + " s and its dead-letter queue for " + deadRetention
                    + " s: set the latter to more or the former to less, for the time counts from when the message was"
                    + " first sent");
        }
    }

    /** In seconds; an emulator that does not say keeps messages for ever. */
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

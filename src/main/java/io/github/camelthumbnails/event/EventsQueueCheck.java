// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

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
 * Warns of an events queue that can lose events or keep one for ever. Only a warning, for somebody else may own the queue, and
 * the permission {@code sqs:GetQueueAttributes} may be missing. docs/capacity.md explains the rule R4.
 */
public final class EventsQueueCheck implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EventsQueueCheck.class);

    /** Each stop of a worker can cost an event a receive. */
    private static final int MIN_RECEIVE_COUNT = 5;

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
        String name = context.resolvePropertyPlaceholders("{{events.queue.name}}");
        String url = context.resolvePropertyPlaceholders("{{events.queue.url:}}");
        int visibilityTimeout = Integer.parseInt(context.resolvePropertyPlaceholders("{{events.visibilityTimeout}}"));
        try {
            warn(
                    sqs,
                    url.isEmpty() ? url(sqs, name) : url,
                    visibilityTimeout,
                    warning -> LOG.warn("The events queue {}", warning));
        } catch (SdkException e) {
            LOG.info("The events queue's attributes were not checked: {}", e.getMessage());
        }
    }

    /**
     * Says what should be changed.
     *
     * @param url of the events queue
     * @param visibilityTimeout of a received event, in seconds
     * @param warnings is told each as soon as it is known: the dead-letter queue may not be to be looked at
     */
    static void warn(SqsClient sqs, String url, int visibilityTimeout, Consumer<String> warnings) {
        Map<QueueAttributeName, String> attributes = attributes(sqs, url);
        String redrivePolicy = attributes.get(QueueAttributeName.REDRIVE_POLICY);
        if (redrivePolicy == null) {
            warnings.accept(
                    "has no redrive policy: a message that is no S3 event comes back until it expires. Give it a"
                            + " dead-letter queue and a maxReceiveCount of " + MIN_RECEIVE_COUNT);
            return;
        }
        JsonNode policy = JsonNode.parser().parse(redrivePolicy);
        long maxReceiveCount =
                Long.parseLong(policy.field("maxReceiveCount").orElseThrow().text());
        String deadArn = policy.field("deadLetterTargetArn").orElseThrow().text();
        long retention = retention(attributes);
        if (maxReceiveCount < MIN_RECEIVE_COUNT) {
            warnings.accept("has a maxReceiveCount of " + maxReceiveCount + ": set it to at least " + MIN_RECEIVE_COUNT
                    + ", for each stop of a worker can cost an event a receive");
        }
        if (visibilityTimeout * maxReceiveCount * 2 > retention) {
            warnings.accept("keeps messages for " + retention + " s: set it to more than "
                    + visibilityTimeout * maxReceiveCount * 2 + ", or events expire before they are tried "
                    + maxReceiveCount + " times");
        }
        // It is always of the same account and region, so its URL need not be looked up.
        String deadUrl = url.replaceFirst("[^/]+$", deadArn.substring(deadArn.lastIndexOf(':') + 1));
        long deadRetention = retention(attributes(sqs, deadUrl));
        if (deadRetention <= retention && retention < Long.MAX_VALUE) {
            warnings.accept(
                    "keeps messages for " + retention + " s and its dead-letter queue for " + deadRetention
                            + " s: set the latter to more or the former to less, for the time counts from when the message was first sent");
        }
    }

    /** In seconds; an emulator that does not say keeps messages for ever. */
    private static long retention(Map<QueueAttributeName, String> attributes) {
        String retention = attributes.get(QueueAttributeName.MESSAGE_RETENTION_PERIOD);
        return retention == null ? Long.MAX_VALUE : Long.parseLong(retention);
    }

    private static String url(SqsClient sqs, String name) {
        return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    private static Map<QueueAttributeName, String> attributes(SqsClient sqs, String url) {
        return sqs.getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(QueueAttributeName.REDRIVE_POLICY, QueueAttributeName.MESSAGE_RETENTION_PERIOD))
                .attributes();
    }
}

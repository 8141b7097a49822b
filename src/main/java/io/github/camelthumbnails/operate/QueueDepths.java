// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Returns the depth of the queues. Requests it from SQS at most every ten seconds, however many callers there are. */
public final class QueueDepths {

    private static final Duration CACHE = Duration.ofSeconds(10);

    /** Maximum time to ask about one queue, including retries. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SqsClient sqs;
    private final Map<String, String> queues;
    private final Recent<List<State>> states;

    /**
     * The depth of one queue, or the reason why it is unknown.
     *
     * @param name the purpose of the queue: {@code events}, {@code failures} or {@code dead}
     * @param depth the number of messages, or null if unknown
     * @param problem why the depth is unknown, or null
     */
    public record State(String name, QueueDepth depth, String problem) {}

    /**
     * @param queues names, ARNs or URLs of the queues by their purpose, in the order in which they are listed
     * @param nanoTime the clock
     */
    public QueueDepths(SqsClient sqs, Map<String, String> queues, LongSupplier nanoTime) {
        this.sqs = sqs;
        this.queues = new LinkedHashMap<>(queues);
        this.states = new Recent<>(this::ask, CACHE, nanoTime);
    }

    /**
     * Lists all queues. The depth of a queue that is missing or cannot be reached is unknown. While one caller waits for SQS, the others
     * get the previous result, so that they do not block threads.
     */
    public List<State> list() {
        return states.get();
    }

    private List<State> ask() {
        List<State> result = new ArrayList<>();
        queues.forEach((name, queue) -> result.add(ask(name, queue)));
        return List.copyOf(result);
    }

    private State ask(String name, String queue) {
        try {
            Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(request -> request.queueUrl(queue)
                            .attributeNames(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)
                            .overrideConfiguration(configuration -> configuration.apiCallTimeout(TIMEOUT)))
                    .attributes();
            return new State(
                    name,
                    new QueueDepth(
                            name,
                            number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                            number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                            number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)),
                    null);
        } catch (SdkException e) {
            return new State(name, null, queue + ": " + Failure.error(e));
        }
    }

    /** Returns a count of a response, or 0 if it is missing: emulators leave out some of them. */
    static long number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Long.parseLong(attributes.getOrDefault(name, "0"));
    }
}

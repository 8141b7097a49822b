// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.event.EventMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends events to the events queue, and returns how many messages wait there. */
final class EventSender {

    /** Makes SQS's fair queues deliver the events of uploads before the rest of a long backfill. */
    static final String GROUP = "reconcile";

    private static final String CAUSE = EventMessage.RECONCILE;

    private static final int MAX_ATTEMPTS = 8;

    private final SqsClient sqs;
    private final String queue;
    private final String originals;
    private final Pause pause;

    /**
     * @param queue URL, name or ARN of the events queue
     * @param originals the originals bucket, which the events name
     * @param pause waits before messages are sent again that SQS has not accepted
     */
    EventSender(SqsClient sqs, String queue, String originals, Pause pause) {
        this.sqs = sqs;
        this.queue = queue;
        this.originals = originals;
        this.pause = pause;
    }

    /** Returns the approximate number of messages that wait, without those that are being processed. */
    long waiting() {
        return Long.parseLong(sqs.getQueueAttributes(request ->
                        request.queueUrl(queue).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0")); // emulators may leave it out
    }

    /**
     * Sends one event for each finding.
     *
     * @param findings at most {@link Batch#MAX_EVENTS}
     */
    void send(List<Finding> findings) {
        Map<String, SendMessageBatchRequestEntry> open = IntStream.range(0, findings.size())
                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .messageBody(message(findings.get(i)))
                        .messageGroupId(GROUP)
                        .build())
                .collect(Collectors.toMap(SendMessageBatchRequestEntry::id, Function.identity()));
        List<BatchResultErrorEntry> failed = List.of();
        for (int attempt = 1; !open.isEmpty(); attempt++) {
            if (attempt > MAX_ATTEMPTS || failed.stream().anyMatch(entry -> Boolean.TRUE.equals(entry.senderFault()))) {
                BatchResultErrorEntry error = failed.get(0);
                throw new IllegalStateException(
                        "SQS does not accept an event: " + error.code() + ", " + error.message());
            }
            pause.beforeAttempt(attempt);
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>(open.values());
            failed = sqs.sendMessageBatch(request -> request.queueUrl(queue).entries(entries))
                    .failed();
            open.keySet()
                    .retainAll(failed.stream().map(BatchResultErrorEntry::id).toList());
        }
    }

    private String message(Finding finding) {
        return finding.kind() == Finding.Kind.ORPHAN
                ? EventMessage.removed(CAUSE, originals, finding.key())
                : EventMessage.created(CAUSE, originals, finding.key(), finding.eTag());
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.operate.reconcile.Pause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Sends batches of requests to SQS, which may accept a batch and reject some of its entries. Rejected entries are sent again a few times
 * after a pause, unless SQS says that the sender is at fault.
 */
final class RedriveBatches {

    private static final int MAX_ATTEMPTS = 3;

    /** Maximum size of a batch: the limit of SQS in all regions. */
    private static final int MAX_BYTES = 262_144;

    /** Name of the group of all events. Fair queues let other events overtake a large group. */
    private static final String GROUP = "redrive";

    private final SqsClient sqs;
    private final Pause pause;

    /** @param pause waits before rejected entries are sent again */
    RedriveBatches(SqsClient sqs, Pause pause) {
        this.sqs = sqs;
        this.pause = pause;
    }

    /** Sends at most ten events, and returns the messages whose event was sent. */
    List<RedriveMessage> send(String queue, List<RedriveMessage> messages) {
        List<RedriveMessage> sent = new ArrayList<>();
        List<RedriveMessage> batch = new ArrayList<>();
        int bytes = 0;
        for (RedriveMessage message : messages) {
            int size = message.event().getBytes(StandardCharsets.UTF_8).length;
            if (!batch.isEmpty() && bytes + size > MAX_BYTES) {
                sent.addAll(sendBatch(queue, batch));
                batch.clear();
                bytes = 0;
            }
            batch.add(message);
            bytes += size;
        }
        sent.addAll(sendBatch(queue, batch));
        return sent;
    }

    private List<RedriveMessage> sendBatch(String queue, List<RedriveMessage> messages) {
        return repeat(
                messages,
                remaining -> sqs.sendMessageBatch(request -> request.queueUrl(queue)
                                .entries(IntStream.range(0, remaining.size())
                                        .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                                .id(String.valueOf(i))
                                                .messageBody(remaining.get(i).event())
                                                .messageGroupId(GROUP)
                                                .build())
                                        .toList()))
                        .failed());
    }

    /** Deletes at most ten messages, and returns those that were deleted. */
    List<RedriveMessage> delete(
            String queue, List<RedriveMessage> messages, Function<RedriveMessage, String> receiptHandle) {
        return repeat(
                messages,
                remaining -> sqs.deleteMessageBatch(request -> request.queueUrl(queue)
                                .entries(IntStream.range(0, remaining.size())
                                        .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                                                .id(String.valueOf(i))
                                                .receiptHandle(receiptHandle.apply(remaining.get(i)))
                                                .build())
                                        .toList()))
                        .failed());
    }

    /** Makes at most ten messages visible. Rejected entries are ignored: those messages become visible after their timeout. */
    void release(String queue, List<String> receiptHandles) {
        sqs.changeMessageVisibilityBatch(request -> request.queueUrl(queue)
                .entries(IntStream.range(0, receiptHandles.size())
                        .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                .id(String.valueOf(i))
                                .receiptHandle(receiptHandles.get(i))
                                .visibilityTimeout(0)
                                .build())
                        .toList()));
    }

    /**
     * Sends a batch, and retries its rejected entries.
     *
     * @param request sends a list and returns its rejected entries, whose ids are indices of the list
     * @return the accepted entries
     */
    private <T> List<T> repeat(List<T> all, Function<List<T>, List<BatchResultErrorEntry>> request) {
        List<T> accepted = new ArrayList<>();
        List<T> remaining = List.copyOf(all);
        for (int attempt = 1; attempt <= MAX_ATTEMPTS && !remaining.isEmpty(); attempt++) {
            pause.beforeAttempt(attempt);
            Set<Integer> rejected = new HashSet<>();
            List<T> next = new ArrayList<>();
            for (BatchResultErrorEntry error : request.apply(remaining)) {
                int index = Integer.parseInt(error.id());
                rejected.add(index);
                if (!Boolean.TRUE.equals(error.senderFault())) {
                    next.add(remaining.get(index));
                }
            }
            for (int i = 0; i < remaining.size(); i++) {
                if (!rejected.contains(i)) {
                    accepted.add(remaining.get(i));
                }
            }
            remaining = List.copyOf(next);
        }
        return accepted;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** Keeps the messages that are sent to a queue, and refuses some of them. */
final class MemoryQueue implements SqsClient {

    final List<SendMessageBatchRequestEntry> messages = new ArrayList<>();
    final List<Integer> sizes = new ArrayList<>();

    /** Ids of entries that are refused once. */
    final Set<String> refusedOnce = new HashSet<>();

    /** Ids of entries that are always refused. */
    final Set<String> refused = new HashSet<>();

    boolean senderFault;
    long waiting;
    int questions;

    /** Runs before each batch is accepted. */
    Runnable beforeBatch = () -> {};

    /** Runs before a question for the number of messages is answered. */
    Runnable beforeAnswer = () -> {};

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
        beforeBatch.run();
        sizes.add(request.entries().size());
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (SendMessageBatchRequestEntry entry : request.entries()) {
            if (refused.contains(entry.id()) || refusedOnce.remove(entry.id())) {
                failed.add(BatchResultErrorEntry.builder()
                        .id(entry.id())
                        .code("InternalError")
                        .message("Try again")
                        .senderFault(senderFault)
                        .build());
            } else {
                messages.add(entry);
            }
        }
        return SendMessageBatchResponse.builder().failed(failed).build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        questions++;
        beforeAnswer.run();
        return GetQueueAttributesResponse.builder()
                .attributes(Map.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, Long.toString(waiting)))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}

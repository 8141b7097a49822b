// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** Plays SQS with the responses that a test prepares. */
final class FakeSqs implements SqsClient {

    /** The next responses to polls. Later polls are empty. */
    final Deque<List<Message>> polls = new ArrayDeque<>();
    /** The texts in bodies and receipt handles whose entries are rejected, and how often. */
    final Map<String, Integer> rejections = new LinkedHashMap<>();
    /** Bodies of the events that were sent, one list for each request. */
    final List<List<String>> sent = new ArrayList<>();
    /** Receipt handles of the messages that were deleted. */
    final List<String> deleted = new ArrayList<>();
    /** Receipt handles of the messages that were made visible. */
    final Set<String> released = new HashSet<>();
    /** The number of waiting messages that SQS reports. */
    int waiting;
    /** The number of hidden messages that SQS reports. */
    int inFlight;

    /** Runs at the start of each poll. */
    Runnable onReceive = () -> {};
    /** Whether SQS tells the numbers of messages. */
    boolean hasCounts = true;

    int receives;
    boolean senderFault;

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        receives++;
        onReceive.run();
        return ReceiveMessageResponse.builder()
                .messages(polls.isEmpty() ? List.of() : polls.pop())
                .build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        return GetQueueAttributesResponse.builder()
                .attributes(
                        hasCounts
                                ? Map.of(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, String.valueOf(waiting),
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                                String.valueOf(inFlight))
                                : Map.of())
                .build();
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        for (SendMessageBatchRequestEntry entry : request.entries()) {
            if (isRejected(entry.messageBody())) {
                failed.add(error(entry.id()));
            } else {
                accepted.add(entry.messageBody());
            }
        }
        sent.add(accepted);
        return SendMessageBatchResponse.builder().failed(failed).build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        request.entries().forEach(entry -> {
            if (isRejected(entry.receiptHandle())) {
                failed.add(error(entry.id()));
            } else {
                deleted.add(entry.receiptHandle());
            }
        });
        return DeleteMessageBatchResponse.builder().failed(failed).build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        request.entries().forEach(entry -> released.add(entry.receiptHandle()));
        return ChangeMessageVisibilityBatchResponse.builder().build();
    }

    private boolean isRejected(String text) {
        for (Map.Entry<String, Integer> rejection : rejections.entrySet()) {
            if (text.contains(rejection.getKey()) && rejection.getValue() > 0) {
                rejection.setValue(rejection.getValue() - 1);
                return true;
            }
        }
        return false;
    }

    private BatchResultErrorEntry error(String id) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .code("InternalError")
                .senderFault(senderFault)
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}

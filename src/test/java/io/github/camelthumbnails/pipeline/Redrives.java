// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.RedriveOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Reports failures as the application does, and redrives them, for tests. */
final class Redrives {

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.PNG, 40, 20);

    private final Pipeline pipeline;

    Redrives(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Returns the options to retry all failures. */
    RedriveOptions all(boolean dryRun) {
        return new RedriveOptions(RedriveOptions.Source.FAILURES, EnumSet.allOf(FailureReason.class), "", null, dryRun);
    }

    Map<String, Long> counts(long moved, long stayed, long unreadable) {
        return Map.of("moved", moved, "stayed", stayed, "unreadable", unreadable);
    }

    Operation operation(boolean dryRun) {
        return new Operation("redrive", dryRun, List.of("moved", "stayed", "unreadable"));
    }

    /** Runs a redrive that has nothing to complain of. */
    Operation redrive(RedriveOptions options) throws Exception {
        Operation operation = operation(options.dryRun());
        run(options, operation);
        assertThat(operation.state()).as(operation.message()).isEqualTo(Operation.State.RUNNING);
        return operation;
    }

    /** Runs a redrive, and throws the exception that ends it. */
    void run(RedriveOptions options, Operation operation) throws Exception {
        Exchange exchange = pipeline.camel().createProducerTemplate().send("direct:redrive-failures", started -> {
            started.getMessage().setBody(options);
            started.setProperty("operation", operation);
        });
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    /** Stores a picture, and reports a failure of it that has passed. */
    void fail(String key, String reason) {
        pipeline.store(key, PHOTO);
        report(key, reason);
    }

    /** Reports a failure. */
    void report(String key, String reason) {
        Instant failedAt = Instant.now();
        note(key, reason, failedAt, failedAt.plusSeconds(3600));
        Map<String, String> attributes = new HashMap<>(
                Map.of("bucket", pipeline.resources.originals(), "reason", reason, "failedAt", failedAt.toString()));
        String encoding = Failure.keyEncoding(key);
        if (encoding != null) {
            attributes.put("keyEncoding", encoding);
        }
        message(Failure.key(key), attributes);
    }

    /** Writes the record of a failure that was reported. */
    void note(String key, String reason, Instant failedAt, Instant expiresAt) {
        pipeline.dynamoDb.putItem(request -> request.tableName(pipeline.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS(key),
                        "bucket", AttributeValue.fromS(pipeline.resources.originals()),
                        "reason", AttributeValue.fromS(reason),
                        "error", AttributeValue.fromS("it failed"),
                        "failedAt", AttributeValue.fromS(failedAt.toString()),
                        "reportedAt", AttributeValue.fromS(failedAt.toString()),
                        "expiresAt", AttributeValue.fromN(String.valueOf(expiresAt.getEpochSecond())))));
    }

    /** Deletes the record of a failure. */
    void delete(String key) {
        pipeline.dynamoDb.deleteItem(request ->
                request.tableName(pipeline.resources.failuresTable()).key(Map.of("name", AttributeValue.fromS(key))));
    }

    /** Sends a message to the failure queue. */
    void message(String body, Map<String, String> attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(
                name,
                MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue(value)
                        .build()));
        String url = pipeline.url(pipeline.resources.failures());
        pipeline.sqs.sendMessage(
                request -> request.queueUrl(url).messageBody(body).messageAttributes(values));
    }

    /** Sends a message to the dead-letter queue. */
    void dead(String body) {
        String url = pipeline.url(pipeline.resources.dead());
        pipeline.sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
    }

    /** Receives all failure messages, and hides them from the application. None may be hidden already. */
    Map<String, List<Message>> messages() {
        String url = pipeline.url(pipeline.resources.failures());
        List<Message> all = new ArrayList<>();
        List<Message> received;
        do {
            received = pipeline.sqs
                    .receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .visibilityTimeout(600)
                            .messageAttributeNames("All"))
                    .messages();
            all.addAll(received);
        } while (!received.isEmpty());
        return all.stream().collect(Collectors.groupingBy(Message::body));
    }

    /** Waits until the worker is idle, and deletes all messages. */
    void purge() {
        pipeline.awaitNoEvents();
        for (String queue : List.of(pipeline.resources.failures(), pipeline.resources.dead())) {
            String url = pipeline.url(queue);
            pipeline.sqs.purgeQueue(request -> request.queueUrl(url));
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.github.camelthumbnails.operate.FailedOriginal;
import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.FailurePage;
import io.github.camelthumbnails.operate.Failures;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Tests redrives with the application's own worker on local AWS. */
class RedriveIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().withShortTimes();

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.PNG, 40, 20);

    private static final Set<FailureReason> ALL = EnumSet.allOf(FailureReason.class);

    @BeforeEach
    void sendNoEventsForStoredOriginals() {
        PIPELINE.disableNotifications();
    }

    @AfterEach
    void emptyQueues() {
        PIPELINE.faults.reset();
        PIPELINE.awaitNoEvents();
        for (String queue : List.of(PIPELINE.resources.failures(), PIPELINE.resources.dead())) {
            PIPELINE.sqs.purgeQueue(request -> request.queueUrl(PIPELINE.url(queue)));
        }
    }

    @Test
    void failuresAreRetriedByReason() throws Exception {
        fail("by reason/late.png", "ServiceUnavailable");
        fail("by reason/denied.png", "AccessDenied");
        fail("by reason/unknown.png", "FromAnotherVersion");
        fail("by reason/corrupt.png", "CorruptImage");
        Set<FailureReason> reasons = EnumSet.allOf(FailureReason.class);
        reasons.removeIf(FailureReason::isPictureAtFault);

        Operation operation = redrive(new RedriveOptions(Source.FAILURES, reasons, "", null, false));

        assertThat(operation.counts()).isEqualTo(counts(3, 1, 0));
        for (String name : List.of("late", "denied", "unknown")) {
            PIPELINE.awaitThumbnail("by reason/" + name + ".png");
            assertThat(PIPELINE.failedItem("by reason/" + name + ".png")).isEmpty();
        }
        assertThat(PIPELINE.item("by reason/corrupt.png")).isEmpty();
        assertThat(PIPELINE.failedItem("by reason/corrupt.png")).isNotEmpty();
        assertThat(messages())
                .as("the message is visible again at once, and unchanged")
                .hasEntrySatisfying(
                        "by reason/corrupt.png",
                        messages -> assertThat(messages)
                                .singleElement()
                                .satisfies(message -> assertThat(message.messageAttributes())
                                        .containsKeys("bucket", "reason", "failedAt")));
    }

    @Test
    void failuresAreRetriedByPrefixAndKeys() throws Exception {
        for (String key : List.of("summer/1.png", "summer/2.png", "winter/1.png")) {
            fail(key, "InternalError");
        }

        assertThat(redrive(new RedriveOptions(
                                Source.FAILURES, ALL, "summer/", Set.of("summer/2.png", "winter/1.png"), false))
                        .counts())
                .isEqualTo(counts(1, 2, 0));
        PIPELINE.awaitThumbnail("summer/2.png");
        assertThat(redrive(new RedriveOptions(Source.FAILURES, ALL, "summer/", null, false))
                        .counts())
                .isEqualTo(counts(1, 1, 0));
        PIPELINE.awaitThumbnail("summer/1.png");
        assertThat(PIPELINE.item("winter/1.png")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a+b.png",
                "100%.png",
                "ü 日本.png",
                "\uD83D\uDE00.png",
                "bell\u0007\u0001.png",
                "%41.png",
                "a%20b+c.png"
            })
    void anyKeyIsRetried(String key) throws Exception {
        fail(key, "InternalError");

        assertThat(redrive(all(false)).counts()).isEqualTo(counts(1, 0, 0));

        PIPELINE.awaitThumbnail(key);
    }

    @Test
    void dryRunChangesNothing() throws Exception {
        fail("dry/1.png", "InternalError");
        fail("dry/2.png", "CorruptImage");
        Map<String, AttributeValue> note = PIPELINE.failedItem("dry/1.png");

        assertThat(redrive(new RedriveOptions(Source.FAILURES, Set.of(FailureReason.InternalError), "", null, true))
                        .counts())
                .isEqualTo(counts(1, 1, 0));

        assertThat(PIPELINE.count(PIPELINE.resources.events())).isZero();
        assertThat(PIPELINE.failedItem("dry/1.png")).isEqualTo(note);
        assertThat(PIPELINE.item("dry/1.png")).isEmpty();
        assertThat(messages()).containsOnlyKeys("dry/1.png", "dry/2.png");
    }

    /** Each failure was reported a moment ago, so without the redrive's help the second one would not be reported. */
    @Test
    void runEndsAlthoughEverythingFailsAgain() throws Exception {
        List<String> keys = IntStream.range(0, 30).mapToObj(i -> "text " + i).toList();
        for (String key : keys) {
            PIPELINE.store(key, "this is no picture".getBytes());
            PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), key)
                    + "]}");
        }
        Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.failures()) == keys.size());
        PIPELINE.awaitNoEvents();
        Instant start = Instant.now();

        Operation operation = redrive(all(false));

        assertThat(operation.counts()).containsEntry("moved", 30L);
        PIPELINE.awaitNoEvents();
        assertThat(messages())
                .containsOnlyKeys(keys)
                .allSatisfy((key, messages) -> assertThat(messages)
                        .singleElement()
                        .satisfies(message -> assertThat(Instant.parse(message.messageAttributes()
                                        .get("failedAt")
                                        .stringValue()))
                                .isAfter(start)));
    }

    @Test
    void messagesThatNameNoOriginalStay() throws Exception {
        message("k".repeat(1025), Map.of());
        message("%zz", Map.of("keyEncoding", "percent"));
        message("%FF.png", Map.of("keyEncoding", "percent"));
        message("a b", Map.of("keyEncoding", "percent"));
        message("key", Map.of("keyEncoding", "base64"));
        message("other.png", Map.of("bucket", "another-bucket"));
        PIPELINE.store("by hand.png", PHOTO);
        message("by hand.png", Map.of("failedAt", "yesterday"));

        Operation operation = redrive(all(false));

        assertThat(operation.counts()).isEqualTo(counts(1, 0, 6));
        assertThat(operation.examples().get("unreadable"))
                .hasSize(6)
                .anyMatch(example -> example.startsWith("other.png (the bucket is another-bucket"))
                .anyMatch(example -> example.startsWith("%FF.png (the key is not percent-encoded"));
        PIPELINE.awaitThumbnail("by hand.png");
        assertThat(messages()).hasSize(6);
    }

    @Test
    void eventsOfTheDeadLetterQueueAreRetriedAsTheyAre() throws Exception {
        PIPELINE.store("dead/s3.png", PHOTO);
        PIPELINE.store("dead/eventbridge.png", PHOTO);
        PIPELINE.store("dead/other.png", PHOTO);
        String bucket = PIPELINE.resources.originals();
        dead("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "dead/s3.png") + "]}");
        dead("""
                {"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"%s"},
                "object":{"key":"dead/eventbridge.png"}}}""".formatted(bucket));
        dead("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "dead/other.png") + "]}");
        dead("not even JSON");
        dead("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "dead/s3.png") + ",{}]}");

        Operation operation = redrive(new RedriveOptions(
                Source.DEAD, Set.of(), "dead/", Set.of("dead/s3.png", "dead/eventbridge.png"), false));

        assertThat(operation.counts()).isEqualTo(counts(2, 1, 2));
        PIPELINE.awaitThumbnail("dead/s3.png");
        PIPELINE.awaitThumbnail("dead/eventbridge.png");
        assertThat(PIPELINE.item("dead/other.png")).isEmpty();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"SQS, SendMessageBatch", "SQS, DeleteMessageBatch", "DYNAMODB, DeleteItem"})
    void errorLosesNothingAndReleasesAllMessages(Service service, String call) throws Exception {
        List<String> keys =
                IntStream.range(0, 25).mapToObj(i -> call + i + ".png").toList();
        for (String key : keys) {
            fail(key, "InternalError");
        }
        PIPELINE.faults.fail(service, call, Fault.error(400, "AccessDeniedException"));

        assertThatThrownBy(() -> redrive(all(false))).hasStackTraceContaining("Injected by a test");
        PIPELINE.faults.reset();
        redrive(all(false));

        for (String key : keys) {
            PIPELINE.awaitThumbnail(key);
        }
        assertThat(PIPELINE.count(PIPELINE.resources.failures())).isZero();
    }

    @Test
    void cancelledRunStops() throws Exception {
        fail("cancelled.png", "InternalError");
        Operation operation = operation(false);
        operation.cancel();

        run(all(false), operation);

        assertThat(operation.state()).isEqualTo(Operation.State.CANCELLED);
        assertThat(messages()).containsOnlyKeys("cancelled.png");
    }

    @Test
    void failuresAreListedInPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            fail("page/" + i, i == 0 ? "CorruptImage" : "InternalError");
        }
        note("page/expired", "InternalError", Instant.now(), Instant.now().minusSeconds(60));
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of("name", AttributeValue.fromS("page/of another kind"))));
        Failures failures = PIPELINE.camel().getRegistry().lookupByNameAndType("failures", Failures.class);
        FailureFilter filter = new FailureFilter(Set.of("InternalError"), "page/", null, null);

        List<String> keys = new ArrayList<>();
        String cursor = null;
        do {
            FailurePage page = failures.page(filter, 3, cursor);
            assertThat(page.failures()).hasSizeLessThanOrEqualTo(3);
            page.failures().stream().map(FailedOriginal::key).forEach(keys::add);
            // The failure at which the page ended may be retried before the next page is read.
            page.failures().forEach(failure -> delete(failure.key()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(keys).containsExactlyInAnyOrder("page/1", "page/2", "page/3", "page/4");
        assertThat(failures.summarize(new FailureFilter(Set.of(), "page/", null, null), 10)
                        .byReason())
                .isEqualTo(Map.of("CorruptImage", 1L));
    }

    private static void delete(String key) {
        PIPELINE.dynamoDb.deleteItem(request ->
                request.tableName(PIPELINE.resources.failuresTable()).key(Map.of("name", AttributeValue.fromS(key))));
    }

    private static RedriveOptions all(boolean dryRun) {
        return new RedriveOptions(Source.FAILURES, ALL, "", null, dryRun);
    }

    private static Map<String, Long> counts(long moved, long stayed, long unreadable) {
        return Map.of("moved", moved, "stayed", stayed, "unreadable", unreadable);
    }

    private static Operation operation(boolean dryRun) {
        return new Operation("redrive", dryRun, List.of("moved", "stayed", "unreadable"));
    }

    private static Operation redrive(RedriveOptions options) throws Exception {
        Operation operation = operation(options.dryRun());
        run(options, operation);
        assertThat(operation.state()).as(operation.message()).isEqualTo(Operation.State.RUNNING);
        return operation;
    }

    private static void run(RedriveOptions options, Operation operation) throws Exception {
        Exchange exchange = PIPELINE.camel().createProducerTemplate().send("direct:redrive-failures", started -> {
            started.getMessage().setBody(options);
            started.setProperty("operation", operation);
        });
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    /** Stores an original, and reports a failure that has passed. */
    private static void fail(String key, String reason) {
        Instant failedAt = Instant.now();
        PIPELINE.store(key, PHOTO);
        note(key, reason, failedAt, failedAt.plusSeconds(3600));
        Map<String, String> attributes = new HashMap<>(
                Map.of("bucket", PIPELINE.resources.originals(), "reason", reason, "failedAt", failedAt.toString()));
        String encoding = Failure.keyEncoding(key);
        if (encoding != null) {
            attributes.put("keyEncoding", encoding);
        }
        message(Failure.key(key), attributes);
    }

    private static void note(String key, String reason, Instant failedAt, Instant expiresAt) {
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS(key),
                        "bucket", AttributeValue.fromS(PIPELINE.resources.originals()),
                        "reason", AttributeValue.fromS(reason),
                        "error", AttributeValue.fromS("it failed"),
                        "failedAt", AttributeValue.fromS(failedAt.toString()),
                        "reportedAt", AttributeValue.fromS(failedAt.toString()),
                        "expiresAt", AttributeValue.fromN(String.valueOf(expiresAt.getEpochSecond())))));
    }

    private static void message(String body, Map<String, String> attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(
                name,
                MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue(value)
                        .build()));
        PIPELINE.sqs.sendMessage(request -> request.queueUrl(PIPELINE.url(PIPELINE.resources.failures()))
                .messageBody(body)
                .messageAttributes(values));
    }

    /** Receives and deletes all failure messages. None may be hidden. */
    private static Map<String, List<Message>> messages() {
        String url = PIPELINE.url(PIPELINE.resources.failures());
        List<Message> all = new ArrayList<>();
        List<Message> received;
        do {
            received = PIPELINE.sqs
                    .receiveMessage(request ->
                            request.queueUrl(url).maxNumberOfMessages(10).messageAttributeNames("All"))
                    .messages();
            all.addAll(received);
        } while (!received.isEmpty());
        return all.stream().collect(Collectors.groupingBy(Message::body));
    }

    private static void dead(String body) {
        PIPELINE.sqs.sendMessage(request ->
                request.queueUrl(PIPELINE.url(PIPELINE.resources.dead())).messageBody(body));
    }
}

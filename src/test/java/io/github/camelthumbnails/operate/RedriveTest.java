// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Tests the steps of a redrive in the order of the route, with one lane and a fake queue. */
@Timeout(60)
class RedriveTest {

    private final FakeSqs sqs = new FakeSqs();
    private final List<String> forgotten = new ArrayList<>();
    private final Operation operation = new Operation("redrive", false, List.of("moved", "stayed", "unreadable"));

    @Test
    void rejectedEventsAndDeletesAreRetried() {
        sqs.polls.add(messages("a", "b", "c"));
        sqs.rejections.put("\"b\"", 2);
        sqs.rejections.put("handle of c", 1);

        run(100);

        assertThat(sqs.sent).hasSize(3).allSatisfy(events -> assertThat(events).hasSizeLessThanOrEqualTo(2));
        assertThat(sqs.deleted).containsExactlyInAnyOrder("handle of a", "handle of b", "handle of c");
        assertThat(operation.counts()).isEqualTo(counts(3, 0));
        assertThat(operation.state()).isEqualTo(Operation.State.RUNNING);
    }

    @Test
    void messageWhoseEventIsRejectedStays() {
        sqs.polls.add(messages("a", "b"));
        sqs.rejections.put("\"b\"", 9);

        run(100);

        assertThat(sqs.deleted).containsExactly("handle of a");
        assertThat(sqs.released).containsExactly("handle of b");
        assertThat(operation.counts()).isEqualTo(counts(1, 1));
        assertThat(operation.state()).isEqualTo(Operation.State.LIMITED);
        assertThat(operation.message()).isEqualTo("1 events could not be sent. Run it again to send them.");
    }

    @Test
    void entryThatIsWrongIsNotSentAgain() {
        sqs.polls.add(messages("a"));
        sqs.rejections.put("\"a\"", 1);
        sqs.senderFault = true;

        run(100);

        assertThat(sqs.sent).hasSize(1);
        assertThat(sqs.deleted).isEmpty();
    }

    @Test
    void messageThatCouldNotBeDeletedIsOnlyDeletedWhenItReturns() {
        sqs.polls.add(messages("a"));
        sqs.polls.add(List.of(message("a", "new handle of a", Instant.EPOCH)));
        sqs.rejections.put("handle of a", 3);

        run(100);

        assertThat(sqs.sent).as("requests to send").hasSize(1);
        assertThat(sqs.deleted).containsExactly("new handle of a");
        assertThat(forgotten).containsExactly("a");
        assertThat(operation.counts()).isEqualTo(counts(1, 0));
    }

    @Test
    void messageThatCanNeverBeDeletedIsReported() {
        sqs.polls.add(messages("a"));
        sqs.rejections.put("handle of a", 3);

        run(100);

        assertThat(operation.state()).isEqualTo(Operation.State.LIMITED);
        assertThat(operation.message()).contains("1 messages could not be deleted");
    }

    /** A message returns if the run takes longer than its visibility timeout. */
    @Test
    void messageThatReturnsIsNotCountedAgain() {
        Instant future = Instant.now().plusSeconds(600);
        sqs.polls.add(List.of(message("a", "handle 1", future)));
        sqs.polls.add(List.of(message("a", "handle 2", future)));

        run(100);

        assertThat(sqs.sent).as("sent after the start").isEmpty();
        assertThat(operation.counts()).isEqualTo(counts(0, 1));
        assertThat(sqs.released).as("the latest receipt handle").containsExactly("handle 2");
    }

    @Test
    void singleEmptyResponsesDoNotEndTheRun() {
        sqs.polls.addAll(List.of(messages("a"), List.of(), List.of(), messages("b"), List.of(), messages("c")));

        run(100);

        assertThat(operation.counts()).isEqualTo(counts(3, 0));
    }

    @Test
    void runContinuesWhileSqsCountsMessages() {
        sqs.waiting = 1;
        IntStream.range(0, 50).forEach(i -> sqs.polls.add(List.of()));
        sqs.polls.add(messages("a"));

        run(100);

        assertThat(operation.counts()).isEqualTo(counts(1, 0));
        assertThat(sqs.receives)
                .as("a count that is never corrected does not keep it")
                .isEqualTo(51 + 240);
        assertThat(operation.state()).isEqualTo(Operation.State.LIMITED);
        assertThat(operation.message())
                .isEqualTo("SQS still counts about 1 messages. They failed during the run, or SQS did not deliver them."
                        + " Run it again to look at them.");
    }

    @Test
    void messagesThatOthersHideAreReported() {
        sqs.inFlight = 7;
        sqs.polls.add(List.of(message("a", "handle", Instant.now().plusSeconds(600))));

        run(100);

        assertThat(operation.state()).isEqualTo(Operation.State.LIMITED);
        assertThat(operation.message())
                .isEqualTo(
                        "About 6 messages were not looked at. Others hide them, perhaps a run that was killed. Run it"
                                + " again in 10 minutes.");
    }

    /** The counts of SQS are late, so messages that the run has deleted count as hidden for a while. */
    @Test
    void runWaitsUntilSqsCountsNoHiddenMessages() {
        sqs.polls.add(messages("a", "b"));
        sqs.inFlight = 2;
        sqs.onReceive = () -> sqs.inFlight = sqs.receives < 100 ? 2 : 0;

        run(100);

        assertThat(operation.state()).isEqualTo(Operation.State.RUNNING);
        assertThat(sqs.receives).isEqualTo(100);
    }

    /** While a fault persists, originals fail all the time. */
    @Test
    void runEndsAlthoughMessagesNeverStopComing() {
        sqs.onReceive = () -> sqs.polls.add(List.of(message(
                "new " + sqs.receives, "handle " + sqs.receives, Instant.now().plusSeconds(1))));
        sqs.polls.add(messages("a"));

        run(100_000);

        assertThat(operation.counts()).isEqualTo(counts(1, 20));
        assertThat(operation.state()).isEqualTo(Operation.State.RUNNING);
    }

    @Test
    void runEndsWithAHintIfNewMessagesKeepWaiting() {
        sqs.waiting = 5;
        sqs.onReceive = () -> sqs.polls.add(List.of(message(
                "new " + sqs.receives, "handle " + sqs.receives, Instant.now().plusSeconds(1))));

        run(100_000);

        assertThat(sqs.receives).isEqualTo(240);
        assertThat(operation.state()).isEqualTo(Operation.State.LIMITED);
        assertThat(operation.message()).startsWith("SQS still counts about 5 messages.");
    }

    @Test
    void emulatorMayLeaveOutCounts() {
        sqs.hasCounts = false;
        sqs.polls.add(messages("a"));

        run(100);

        assertThat(operation.counts()).isEqualTo(counts(1, 0));
    }

    @Test
    void runEndsBeforeItHoldsMoreThanSqsAllows() {
        Instant future = Instant.now().plusSeconds(600);
        for (int batch = 0; batch < 10; batch++) {
            int first = batch * 10;
            sqs.polls.add(IntStream.range(first, first + 10)
                    .mapToObj(i -> message("k" + i, "handle " + i, future))
                    .toList());
        }

        run(50);

        assertThat(operation.state()).isEqualTo(Operation.State.LIMITED);
        assertThat(operation.message())
                .startsWith("It holds 50 messages that stay")
                .contains("the same run would find the same messages first")
                .endsWith("Redrive more reasons or keys, or delete messages that nobody needs.");
        assertThat(sqs.released).hasSize(50);
        assertThat(operation.counts()).isEqualTo(counts(0, 50));
    }

    @Test
    void cancelledRunEndsAfterTheBatch() {
        sqs.polls.add(messages("a"));
        sqs.polls.add(messages("b"));
        RedriveRun run = redrive(100).start(options(), operation);
        batch(redrive(100), run);
        operation.cancel();

        assertThat(run.isActive()).isFalse();
        run.end();
        assertThat(operation.state()).isEqualTo(Operation.State.CANCELLED);
        assertThat(operation.counts()).isEqualTo(counts(1, 0));
    }

    private void run(int maxHeld) {
        Redrive redrive = redrive(maxHeld);
        RedriveRun run = redrive.start(options(), operation);
        while (run.isActive()) {
            batch(redrive, run);
        }
        redrive.held(run).forEach(handles -> redrive.release(handles, run));
        redrive.end(run);
    }

    private static void batch(Redrive redrive, RedriveRun run) {
        List<RedriveMessage> chosen = redrive.choose(redrive.receive(run), run);
        if (!chosen.isEmpty()) {
            redrive.forgetNotes(chosen, run);
            redrive.delete(redrive.send(chosen, run), run);
        }
    }

    private Redrive redrive(int maxHeld) {
        return new Redrive(
                sqs,
                new FailureNotes(new Table(), "failures"),
                new Redrive.Places("originals", "events", "failures", "dead"),
                new Redrive.Limits(1, Duration.ofMinutes(10), maxHeld));
    }

    private static RedriveOptions options() {
        return new RedriveOptions(Source.FAILURES, EnumSet.allOf(FailureReason.class), "", null, false);
    }

    private static Map<String, Long> counts(long moved, long stayed) {
        return Map.of("moved", moved, "stayed", stayed, "unreadable", 0L);
    }

    private static List<Message> messages(String... keys) {
        return Stream.of(keys)
                .map(key -> message(key, "handle of " + key, Instant.EPOCH))
                .toList();
    }

    private static Message message(String key, String receiptHandle, Instant sent) {
        return Message.builder()
                .messageId("id of " + key)
                .receiptHandle(receiptHandle)
                .body(key)
                .attributes(Map.of(MessageSystemAttributeName.SENT_TIMESTAMP, String.valueOf(sent.toEpochMilli())))
                .build();
    }

    private final class Table implements DynamoDbClient {

        @Override
        public DeleteItemResponse deleteItem(DeleteItemRequest request) {
            forgotten.add(request.key().get("name").s());
            return DeleteItemResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.event.ImageEvents;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operation.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.Message;

/** Reconciles without a worker, so that all events stay on the queue. Each test has a prefix of its own. */
@Timeout(120)
class ReconcileLimitsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "operate");

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 20, 10);

    @BeforeEach
    void emptyQueue() throws Exception {
        PIPELINE.disableNotifications();
        events();
    }

    private static ReconcileCommand reconcile(String prefix) {
        return new ReconcileCommand(PIPELINE.camel()).prefix(prefix);
    }

    private static List<String> store(String prefix, int number) {
        List<String> keys = IntStream.range(0, number)
                .mapToObj(i -> prefix + "%03d.jpg".formatted(i))
                .toList();
        keys.forEach(key -> PIPELINE.store(key, PHOTO));
        return keys;
    }

    /** Receives all events, and returns their keys. */
    private static List<String> events() throws Exception {
        String url = PIPELINE.url(PIPELINE.resources.events());
        List<String> keys = new ArrayList<>();
        while (PIPELINE.count(PIPELINE.resources.events()) > 0) {
            for (Message message : PIPELINE.sqs
                    .receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10))
                    .messages()) {
                keys.add(ImageEvents.read(message.body()).get(0).key());
                PIPELINE.sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
        keys.sort(null);
        return keys;
    }

    @Test
    void dryRunSendsNothing() throws Exception {
        store("dry/", 3);

        Operation operation = reconcile("dry/").dryRun().max(0).run();

        assertThat(operation.counts()).containsEntry("missing", 3L).containsEntry("sent", 0L);
        assertThat(events()).isEmpty();
    }

    @Test
    void runsWithAMaximumContinueOneAfterTheOther() throws Exception {
        List<String> keys = store("max/", 25);

        Operation first = reconcile("max/").max(12).run();
        assertThat(first.state()).isEqualTo(State.LIMITED);
        assertThat(events()).isEqualTo(keys.subList(0, 12));

        Operation second = reconcile("max/").max(13).run();
        assertThat(second.state()).isEqualTo(State.DONE);
        assertThat(second.counts()).containsEntry("originals", 25L).containsEntry("sent", 25L);
        assertThat(events()).isEqualTo(keys.subList(12, 25));

        assertThat(reconcile("max/").max(1000).run().counts()).containsEntry("sent", 25L);
    }

    @Test
    void cancelledRunContinuesWithoutRepeatingAnEvent() throws Exception {
        List<String> keys = store("cancel/", 40);
        ReconcileCommand command = reconcile("cancel/").eventsPerSecond(10);
        Operation first = command.operation();
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> command.run(first));
        Pipeline.await().until(() -> first.counts().get("sent") >= 10);
        first.cancel();
        running.join();

        assertThat(first.state()).isEqualTo(State.CANCELLED);
        List<String> sent = events();
        assertThat(sent).hasSizeBetween(10, 30).isEqualTo(keys.subList(0, sent.size()));

        reconcile("cancel/").run();
        assertThat(events()).isEqualTo(keys.subList(sent.size(), 40));
    }

    @Test
    void runWaitsUntilWorkersHaveCaughtUp() throws Exception {
        List<String> keys = store("full/", 40);
        ReconcileCommand command = reconcile("full/").maxWaiting(15);
        Operation operation = command.operation();
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> command.run(operation));
        Pipeline.await().until(() -> operation.counts().get("sent") == 20);

        assertThat(running).isNotDone();
        List<String> received = new ArrayList<>(events());
        Pipeline.await().until(() -> operation.counts().get("sent") == 40);
        running.join();

        received.addAll(events());
        assertThat(received).isEqualTo(keys);
    }

    @Test
    void waitingRunCanBeCancelled() {
        store("waiting/", 30);
        ReconcileCommand command = reconcile("waiting/").maxWaiting(5);
        Operation operation = command.operation();
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> command.run(operation));
        Pipeline.await().until(() -> operation.counts().get("sent") == 10);

        operation.cancel();
        running.join();

        assertThat(operation.state()).isEqualTo(State.CANCELLED);
        assertThat(operation.counts()).containsEntry("sent", 10L);
    }

    @Test
    void twoRunsAtOnceSendEachKeyAtLeastOnce() throws Exception {
        List<String> keys = store("two/", 60);
        List<CompletableFuture<Operation>> runs = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> reconcile("two/").eventsPerSecond(50).run()))
                .toList();
        runs.forEach(CompletableFuture::join);

        assertThat(runs).allSatisfy(run -> assertThat(run.join().state()).isEqualTo(State.DONE));
        assertThat(events()).containsAll(keys);
        assertThat(PIPELINE.dynamoDb
                        .scan(request -> request.tableName(PIPELINE.resources.failuresTable()))
                        .items())
                .noneSatisfy(item -> assertThat(item).containsKey("page"));
    }
}

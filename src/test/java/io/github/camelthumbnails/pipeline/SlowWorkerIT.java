// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests a worker that read the old original but writes its renditions, or some of them, only after another worker has
 * processed the new one, and a worker that records or forgets a failure so late.
 */
class SlowWorkerIT {

    @RegisterExtension
    static final Pipeline PIPELINE =
            ThreeRenditions.in(new Pipeline().withoutApplication().with("events.consumers", "2"));

    /** Blocks the first worker for a key before a step, after the step was done some times, until the gate is opened. */
    private record Gate(String step, AtomicInteger passes, String key, CountDownLatch reached, CountDownLatch open) {}

    private static final AtomicReference<Gate> GATE = new AtomicReference<>();

    @BeforeAll
    static void startApplicationWithGates() throws Exception {
        PIPELINE.disableNotifications();
        CamelContext context = PIPELINE.application(Map.of()).getCamelContext();
        gates(context, "create-thumbnail", "put-rendition", "build-item", "put-item");
        gates(context, "remove-thumbnail", "delete-item", "delete-rendition");
        gates(context, "forget-failure", "mark-note", "look-for-original", "delete-note");
        gates(context, "report-failure", "claim-failure", "send-failure", "look-again");
    }

    private static void gates(CamelContext context, String route, String... steps) throws Exception {
        AdviceWith.adviceWith(context, route, advice -> {
            for (String step : List.of(steps)) {
                advice.weaveById(step).before().process(exchange -> pass(step, exchange));
            }
        });
    }

    private static void pass(String step, Exchange exchange) throws InterruptedException {
        Gate gate = GATE.get();
        if (gate != null
                && gate.step.equals(step)
                && gate.key.equals(exchange.getProperty("objectKey"))
                && gate.passes.getAndDecrement() == 0
                && GATE.compareAndSet(gate, null)) {
            gate.reached.countDown();
            gate.open.await(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "picture, picture, put-rendition, 0",
        "picture, picture, put-rendition, 1",
        "picture, picture, build-item, 0",
        "picture, picture, put-item, 0",
        "picture, corrupt, put-rendition, 0",
        "picture, corrupt, put-rendition, 1",
        "picture, corrupt, build-item, 0",
        "picture, corrupt, put-item, 0",
        "picture, absent, put-rendition, 0",
        "picture, absent, put-rendition, 1",
        "picture, absent, build-item, 0",
        "picture, absent, put-item, 0",
        "corrupt, picture, delete-rendition, 0",
        "corrupt, picture, delete-rendition, 1",
        "corrupt, picture, delete-item, 0",
        "absent, picture, delete-rendition, 0",
        "absent, picture, delete-rendition, 1",
        "absent, picture, delete-item, 0",
    })
    void slowWorkerProcessesTheNewOriginal(String before, String after, String step, int passes) throws Exception {
        String key = before + "-" + after + "-" + step + passes;
        Random random = new Random(key.hashCode());
        Original now = original(after, random);
        changeTwice(key, original(before, random), now, step, passes);

        assertThat(ThreeRenditions.outcome(PIPELINE, key)).isEqualTo(ThreeRenditions.expected(key, now));
    }

    /** Even if the new upload fails in the same way on the same bytes, which is usually reported only once in an hour. */
    @ParameterizedTest
    @CsvSource({
        "same bytes, mark-note",
        "same bytes, look-for-original",
        "same bytes, delete-note",
        "other bytes, mark-note",
        "other bytes, look-for-original",
        "other bytes, delete-note",
    })
    void slowRemovalKeepsTheFailureOfANewUpload(String after, String step) throws Exception {
        String key = step + " " + after;
        Random random = new Random(key.hashCode());
        Original first = Original.corrupt(random);
        Original second = after.startsWith("same") ? first : Original.corrupt(random);
        change(key, first);
        PIPELINE.awaitNoEvents();

        changeTwice(key, Original.ABSENT, second, step, 0);

        assertThat(PIPELINE.failedItem(key)).containsEntry("eTag", AttributeValue.fromS(second.eTag()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"claim-failure", "send-failure", "look-again"})
    void failureThatIsRecordedAfterTheRemovalIsForgotten(String step) throws Exception {
        Original original = Original.corrupt(new Random(step.hashCode()));

        changeTwice(step, original, Original.ABSENT, step, 0);

        assertThat(PIPELINE.failedItem(step)).isEmpty();
        assertThat(PIPELINE.failures().get(step)).hasSize(1);
    }

    /** Blocks the worker that processes the first change until another one has processed the second change. */
    private static void changeTwice(String key, Original first, Original second, String step, int passes)
            throws InterruptedException {
        Gate gate = new Gate(step, new AtomicInteger(passes), key, new CountDownLatch(1), new CountDownLatch(1));
        GATE.set(gate);
        change(key, first);
        assertThat(gate.reached.await(60, TimeUnit.SECONDS)).isTrue();
        change(key, second);
        Pipeline.await()
                .untilAsserted(() -> assertThat(PIPELINE.count(PIPELINE.resources.events()))
                        .as("only the event of the blocked worker is not acknowledged")
                        .isEqualTo(1));
        gate.open.countDown();
        PIPELINE.awaitNoEvents();
    }

    private static Original original(String kind, Random random) {
        return switch (kind) {
            case "picture" -> Original.picture(random);
            case "corrupt" -> Original.corrupt(random);
            default -> Original.ABSENT;
        };
    }

    private static void change(String key, Original original) {
        String bucket = PIPELINE.resources.originals();
        if (original == Original.ABSENT) {
            PIPELINE.s3.deleteObject(request -> request.bucket(bucket).key(key));
        } else {
            PIPELINE.store(key, original.bytes());
        }
        String event = original == Original.ABSENT ? "ObjectRemoved:Delete" : "ObjectCreated:Put";
        PIPELINE.send("{\"Records\":[" + PIPELINE.record(event, bucket, key) + "]}");
    }
}

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

/**
 * Tests a worker that read the old original but writes its renditions, or some of them, only after another worker has
 * processed the new one.
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
        Gate gate = new Gate(step, new AtomicInteger(passes), key, new CountDownLatch(1), new CountDownLatch(1));
        GATE.set(gate);

        change(key, original(before, random));
        assertThat(gate.reached.await(60, TimeUnit.SECONDS)).isTrue();
        change(key, now);
        Pipeline.await()
                .untilAsserted(() -> assertThat(PIPELINE.count(PIPELINE.resources.events()))
                        .as("only the event of the blocked worker is not acknowledged")
                        .isEqualTo(1));
        gate.open.countDown();

        PIPELINE.awaitNoEvents();
        assertThat(ThreeRenditions.outcome(PIPELINE, key)).isEqualTo(ThreeRenditions.expected(key, now));
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

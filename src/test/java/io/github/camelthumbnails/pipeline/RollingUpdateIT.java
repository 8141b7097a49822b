// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.localaws.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests a rolling update: workers with old and with present settings process the same keys at the same time. */
class RollingUpdateIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication().withFaults();

    private static final Map<String, String> OLD = ThreeRenditions.SETTINGS;

    private static final Map<String, String> PRESENT =
            Map.of("renditions", "thumbnail,square", "renditions.square", "fill:16x16 format:png");

    private final Random random = new Random(1);

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    @Test
    void renditionsThatAnOldWorkerStoresAgainAreDeleted() throws Exception {
        String key = "stored again";
        Original original = Original.picture(random);
        storeWith(OLD, key, original);
        Worker present = new Worker(PRESENT, "update-thumbnail", "claim-item");
        try {
            PIPELINE.store(key, original.bytes());
            present.awaitStep();
            storeWith(OLD, key, original, 1); // the event of the blocked worker stays
            present.proceed();
            PIPELINE.awaitNoEvents();
        } finally {
            present.stop();
        }

        assertOnlyPresent(key);
        assertThat(PIPELINE.outcome(key)).isEqualTo(original.outcome());
    }

    @Test
    void itemOfAnOldWorkerListsOnlyRenditionsThatExist() throws Exception {
        String key = "deleted meanwhile";
        Original original = Original.picture(random);
        storeWith(OLD, key, original);
        Worker old = new Worker(OLD, "create-thumbnail", "put-item");
        try {
            PIPELINE.store(key, original.bytes());
            old.awaitStep();
            storeWith(PRESENT, key, original, 1);
            assertOnlyPresent(key);
            old.proceed();
            PIPELINE.awaitNoEvents();
        } finally {
            old.stop();
        }

        assertThat(ThreeRenditions.outcome(PIPELINE, key)).isEqualTo(ThreeRenditions.expected(key, original));
        assertThat(stored(key)).hasSize(3);
    }

    @Test
    @Tag("long")
    void exactlyTheNewRenditionsExistAfterARollingUpdate() {
        List<String> keys = IntStream.range(0, 6).mapToObj(i -> "rolling " + i).toList();
        PIPELINE.faults.chaos(
                new Random(7), 0.2, List.of(Fault.delay(Duration.ofMillis(20)), Fault.delay(Duration.ofMillis(100))));
        Map<String, String> parallel = Map.of("events.consumers", "4");
        Map<String, String> old = new HashMap<>(OLD);
        old.putAll(parallel);
        Map<String, String> present = new HashMap<>(PRESENT);
        present.putAll(parallel);
        Main oldWorker = PIPELINE.anotherApplication(old);
        Main presentWorker = PIPELINE.anotherApplication(present);
        try {
            for (int round = 0; round < 25; round++) {
                for (String key : keys) {
                    if (random.nextInt(5) == 0) {
                        PIPELINE.s3.deleteObject(request ->
                                request.bucket(PIPELINE.resources.originals()).key(key));
                    } else {
                        Original original =
                                random.nextInt(5) == 0 ? Original.corrupt(random) : Original.picture(random);
                        PIPELINE.store(key, original.bytes());
                    }
                }
            }
            PIPELINE.awaitNoEvents();
            oldWorker.stop();
            for (String key : keys) {
                Original original = Original.picture(random);
                PIPELINE.store(key, original.bytes());
                Pipeline.await().until(() -> PIPELINE.outcome(key).equals(original.outcome()));
            }
            PIPELINE.awaitNoEvents();
        } finally {
            oldWorker.stop();
            presentWorker.stop();
        }

        keys.forEach(RollingUpdateIT::assertOnlyPresent);
    }

    private static void assertOnlyPresent(String key) {
        assertThat(stored(key)).containsExactlyInAnyOrder("resized-" + key, "square/" + key);
        assertThat(PIPELINE.item(key).get("renditions").m()).containsOnlyKeys("thumbnail", "square");
    }

    /** Returns the keys of all renditions of an original. */
    private static List<String> stored(String key) {
        return PIPELINE.keys(PIPELINE.resources.thumbnails()).stream()
                .filter(rendition -> rendition.endsWith(key))
                .toList();
    }

    private static void storeWith(Map<String, String> settings, String key, Original original) {
        storeWith(settings, key, original, 0);
    }

    /** Stores an original and waits until an application has processed its event, and only some others are left. */
    private static void storeWith(Map<String, String> settings, String key, Original original, int eventsLeft) {
        Main application = PIPELINE.anotherApplication(settings);
        try {
            PIPELINE.store(key, original.bytes());
            Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.events()) == eventsLeft);
        } finally {
            application.stop();
        }
    }

    /** A worker that processes one event at a time, and waits once before a step. */
    private static final class Worker {

        private final AtomicBoolean isFirst = new AtomicBoolean(true);
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final Main application;

        Worker(Map<String, String> settings, String route, String step) throws Exception {
            Map<String, String> changed = new HashMap<>(settings);
            changed.put("events.consumers", "1");
            application = PIPELINE.anotherApplication(changed);
            AdviceWith.adviceWith(
                    application.getCamelContext(),
                    route,
                    advice -> advice.weaveById(step).before().process(exchange -> {
                        if (isFirst.getAndSet(false)) {
                            reached.countDown();
                            open.await(60, TimeUnit.SECONDS);
                        }
                    }));
        }

        void awaitStep() throws InterruptedException {
            assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        }

        void proceed() {
            open.countDown();
        }

        void stop() {
            open.countDown();
            application.stop();
        }
    }
}

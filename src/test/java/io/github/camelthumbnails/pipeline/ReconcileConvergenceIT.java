// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.operate.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Tests that reconciles, which run again and again next to workers on a slow network, repair what lost events have left, and touch nothing
 * else: at the end the renditions and items match the originals, and those of originals that never changed are the same objects as before.
 *
 * <p>Other and more rounds: {@code mvn verify -Dit.test=ReconcileConvergenceIT -Dconvergence.seed=7 -Dreconcile.rounds=20}.
 */
@Tag("long")
class ReconcileConvergenceIT {

    private static final long SEED = Long.getLong("convergence.seed", 1);
    private static final int ROUNDS = Integer.getInteger("reconcile.rounds", 3);
    private static final int CHANGES = 60;

    @RegisterExtension
    static final Pipeline PIPELINE = ThreeRenditions.in(new Pipeline())
            .withFaults()
            .with("app.roles", "thumbnail")
            .with("events.consumers", "8");

    private static CamelContext operator;

    private final Random random = new Random(SEED);
    private final Map<String, Original> present = new HashMap<>();
    private final List<String> history = new ArrayList<>();

    @BeforeAll
    static void startTwoWorkersAndAnOperatorOnASlowNetwork() {
        PIPELINE.disableNotifications();
        PIPELINE.anotherApplication();
        operator = PIPELINE.anotherApplication(Map.of("app.roles", "operate")).getCamelContext();
        PIPELINE.faults.chaos(
                new Random(SEED),
                0.2,
                List.of(Fault.delay(Duration.ofMillis(50)), Fault.delay(Duration.ofMillis(400))));
    }

    private static ReconcileCommand reconcile() {
        return new ReconcileCommand(operator).deleteOrphans();
    }

    @Test
    void reconcilesRepairWhatLostEventsHaveLeftAndTouchNothingElse() {
        List<String> stable =
                IntStream.range(0, 10).mapToObj(i -> "stable/" + i).toList();
        stable.forEach(key -> store(key, Original.picture(random)));
        reconcile().run();
        PIPELINE.awaitNoEvents();
        Map<String, Instant> before = storedAt(stable);
        assertThat(before).hasSize(30);

        SoftAssertions softly = new SoftAssertions();
        for (int round = 0; round < ROUNDS; round++) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> reconciles = CompletableFuture.supplyAsync(() -> {
                int runs = 0;
                for (; !over.get(); runs++) {
                    reconcile().run();
                }
                return runs;
            });
            for (int i = 0; i < CHANGES; i++) {
                change("changing/" + round + "/" + random.nextInt(8));
            }
            over.set(true);
            assertThat(reconciles.join()).isPositive();
            PIPELINE.awaitNoEvents();
            reconcile().run();
            PIPELINE.awaitNoEvents();
            verify(softly, round);
        }
        softly.assertThat(storedAt(stable))
                .as("renditions of originals that did not change")
                .isEqualTo(before);
        softly.assertAll();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    private static Map<String, Instant> storedAt(List<String> originals) {
        List<String> keys = ThreeRenditions.keys(originals);
        return PIPELINE
                .s3
                .listObjectsV2Paginator(request -> request.bucket(PIPELINE.resources.thumbnails()))
                .contents()
                .stream()
                .filter(object -> keys.contains(object.key()))
                .collect(Collectors.toMap(S3Object::key, S3Object::lastModified));
    }

    private void store(String key, Original original) {
        PIPELINE.store(key, original.bytes());
        present.put(key, original);
    }

    /** Changes an original. One of three events is lost. */
    private void change(String key) {
        String event;
        if (random.nextInt(4) == 0 && present.remove(key) != null) {
            PIPELINE.s3.deleteObject(
                    request -> request.bucket(PIPELINE.resources.originals()).key(key));
            event = "ObjectRemoved:Delete";
        } else {
            store(key, random.nextInt(5) == 0 ? Original.corrupt(random) : Original.picture(random));
            event = "ObjectCreated:Put";
        }
        boolean isLost = random.nextInt(3) == 0;
        if (!isLost) {
            PIPELINE.send("{\"Records\":[" + PIPELINE.record(event, PIPELINE.resources.originals(), key) + "]}");
        }
        history.add((isLost ? "lost " : "") + event + " " + key);
    }

    private void verify(SoftAssertions softly, int round) {
        present.forEach((key, original) -> softly.assertThat(ThreeRenditions.outcome(PIPELINE, key))
                .as("outcome of %s in round %s after %s", key, round, history)
                .isEqualTo(ThreeRenditions.expected(key, original)));
        List<String> pictures = present.entrySet().stream()
                .filter(entry -> entry.getValue().isPicture())
                .map(Map.Entry::getKey)
                .toList();
        softly.assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()))
                .as("all renditions in round %s", round)
                .containsExactlyInAnyOrderElementsOf(ThreeRenditions.keys(pictures));
        Operation last = new ReconcileCommand(operator).dryRun().deep().run();
        softly.assertThat(last.counts())
                .as("findings in round %s after %s", round, history)
                .containsEntry("originals", (long) present.size())
                .containsEntry("complete", (long) pictures.size())
                .containsEntry("unusable", (long) present.size() - pictures.size())
                .containsEntry("orphans", 0L);
    }
}

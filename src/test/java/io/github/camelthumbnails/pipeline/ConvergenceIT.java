// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.localaws.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Tests eventual consistency: whatever changes are made to the originals, and in whatever order and however often their
 * events arrive, the renditions, items and recorded failures match the originals once the queue is empty.
 *
 * <p>Other and more permutations:
 * {@code mvn verify -Dit.test=ConvergenceIT -Dconvergence.seed=7 -Dconvergence.permutations=2000}.
 */
@Tag("long")
class ConvergenceIT {

    private static final long SEED = Long.getLong("convergence.seed", 1);
    private static final int PERMUTATIONS = Integer.getInteger("convergence.permutations", 200);

    /**
     * Number of permutations in parallel: enough for workers to collide on a key, but few enough for a batch to end
     * soon.
     */
    private static final int BATCH = 100;

    private static final int CLIENTS = 4;

    private static final String REMOVAL = "ObjectRemoved:Delete";

    @RegisterExtension
    static final Pipeline PIPELINE =
            ThreeRenditions.in(new Pipeline()).withFaults().with("events.consumers", "8");

    /** Delays some calls for so long that another worker can process a whole event in the meantime. */
    @BeforeAll
    static void startTwoApplicationsOnASlowNetwork() {
        PIPELINE.disableNotifications();
        PIPELINE.anotherApplication();
        PIPELINE.faults.chaos(
                new Random(SEED),
                0.2,
                List.of(Fault.delay(Duration.ofMillis(50)), Fault.delay(Duration.ofMillis(400))));
    }

    @Test
    void renditionsAndItemsMatchTheOriginals() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        List<String> expected = new ArrayList<>();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (int first = 0; first < PERMUTATIONS; first += BATCH) {
                List<Permutation> batch = IntStream.range(first, Math.min(first + BATCH, PERMUTATIONS))
                        .mapToObj(i -> new Permutation(SEED + i))
                        .toList();
                for (Future<?> running : batch.stream().map(clients::submit).toList()) {
                    running.get();
                }
                PIPELINE.awaitNoEvents();
                batch.forEach(Permutation::deliverLate);
                PIPELINE.awaitNoEvents();

                Map<String, List<Message>> failures = PIPELINE.failures();
                batch.forEach(permutation -> permutation.verify(softly, failures));
                expected.addAll(ThreeRenditions.keys(
                        batch.stream().flatMap(Permutation::pictures).toList()));
                softly.assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()))
                        .as("all renditions")
                        .containsExactlyInAnyOrderElementsOf(expected);

                batch.forEach(Permutation::repeatRemovals);
                PIPELINE.awaitNoEvents();
                batch.forEach(permutation -> permutation.verifyNotesAfterRemovals(softly));
            }
        } finally {
            clients.shutdownNow();
        }
        softly.assertAll();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    /** A random history of changes to a few originals, with a random order and repetition of their events. */
    private static final class Permutation implements Runnable {

        private final long seed;
        private final Random random;
        private final List<String> keys;
        private final boolean losesEvents;
        private final Map<String, Original> present = new HashMap<>();
        private final List<String> pending = new ArrayList<>();
        private final List<String> lateEvents = new ArrayList<>();
        private final Map<String, Integer> created = new HashMap<>();
        private final Set<String> removed = new HashSet<>();
        private final List<String> history = new ArrayList<>();

        Permutation(long seed) {
            this.seed = seed;
            random = new Random(seed);
            keys = IntStream.rangeClosed(0, 1 + random.nextInt(3))
                    .mapToObj(i -> seed + "/" + i)
                    .toList();
            losesEvents = random.nextInt(3) == 0; // not always, because a late event also repairs earlier mistakes
        }

        @Override
        public void run() {
            // Wait for idle workers: busy ones would see only the end of the history.
            Pipeline.await()
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> PIPELINE.count(PIPELINE.resources.events()) < CLIENTS);
            for (int i = 3 + random.nextInt(6); i > 0; i--) {
                change();
                if (random.nextBoolean()) {
                    deliver(random.nextInt(pending.size() + 1));
                }
            }
            deliver(pending.size());
        }

        private void change() {
            String key = anyOf(keys);
            int what = random.nextInt(11);
            if (what < 3 && present.containsKey(key)) {
                remove(key);
            } else if (what == 10) {
                fail(key, Original.corrupt(random));
                remove(key);
            } else if (what < 5 && !present.isEmpty()) {
                copy(anyOf(present.keySet().stream().sorted().toList()), key);
            } else {
                store(key, what < 7 ? Original.corrupt(random) : Original.picture(random));
            }
        }

        private void store(String key, Original original) {
            PIPELINE.store(key, original.bytes());
            present.put(key, original);
            scheduleEvent("ObjectCreated:Put", key);
        }

        /**
         * Stores an original, and waits until a failure of the same bytes is reported. The note may be that of an older original
         * whose event was slower.
         */
        private void fail(String key, Original original) {
            PIPELINE.store(key, original.bytes());
            present.put(key, original);
            send(List.of(record("ObjectCreated:Put", key)));
            created.merge(key, 1, Integer::sum);
            history.add("failed " + key);
            Pipeline.await()
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> PIPELINE.failures(key).stream()
                                    .anyMatch(message -> eTag(message).equals(original.eTag()))
                            && PIPELINE.failedItem(key).containsKey("reportedAt"));
        }

        private static String eTag(Message failure) {
            return failure.messageAttributes().get("eTag").stringValue();
        }

        private void remove(String key) {
            PIPELINE.s3.deleteObject(
                    request -> request.bucket(PIPELINE.resources.originals()).key(key));
            Original original = present.remove(key);
            removed.add(key);
            scheduleEvent(REMOVAL, key);
            if (random.nextBoolean()) {
                store(key, original); // the same failure of the same bytes
            }
        }

        private void copy(String from, String to) {
            if (from.equals(to)) {
                return; // S3 rejects it
            }
            PIPELINE.s3.copyObject(request -> request.sourceBucket(PIPELINE.resources.originals())
                    .sourceKey(from)
                    .destinationBucket(PIPELINE.resources.originals())
                    .destinationKey(to));
            present.put(to, present.get(from));
            scheduleEvent("ObjectCreated:Copy", to);
        }

        /** Decides when and how often an event is sent. */
        private void scheduleEvent(String event, String key) {
            String record = record(event, key);
            boolean isLate = losesEvents && random.nextInt(3) == 0;
            int copies = random.nextInt(4) == 0 ? 2 : 1;
            (isLate ? lateEvents : pending).add(record);
            if (copies == 2) {
                (losesEvents && random.nextBoolean() ? lateEvents : pending).add(record);
            }
            if (event.startsWith("ObjectCreated")) {
                created.merge(key, copies, Integer::sum);
            }
            history.add(event + " " + key
                    + (present.containsKey(key) ? " " + present.get(key).thumbnail() : ""));
        }

        /** Sends some of the pending events in random order, possibly several in one message. */
        private void deliver(int number) {
            Collections.shuffle(pending, random);
            List<String> some = pending.subList(0, number);
            while (!some.isEmpty()) {
                List<String> records = some.subList(0, Math.min(some.size(), 1 + random.nextInt(3)));
                send(records);
                records.clear();
            }
        }

        private static String record(String event, String key) {
            return PIPELINE.record(event, PIPELINE.resources.originals(), key);
        }

        private static void send(List<String> records) {
            PIPELINE.send("{\"Records\":[" + String.join(",", records) + "]}");
        }

        /** Sends the events that were delayed. */
        void deliverLate() {
            pending.addAll(lateEvents);
            deliver(pending.size());
        }

        /** Sends the event of a removal once more for each key that had one, also if there is a new original. */
        void repeatRemovals() {
            removed.forEach(key -> send(List.of(record(REMOVAL, key))));
        }

        void verify(SoftAssertions softly, Map<String, List<Message>> failures) {
            softly.assertThat(eTags())
                    .as("originals of seed %s", seed)
                    .isEqualTo(present.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, entry -> entry.getValue().eTag())));
            for (String key : keys) {
                Original original = present.getOrDefault(key, Original.ABSENT);
                softly.assertThat(ThreeRenditions.outcome(PIPELINE, key))
                        .as("outcome of %s after %s", key, history)
                        .isEqualTo(ThreeRenditions.expected(key, original));
                List<Message> reported = failures.getOrDefault(key, List.of());
                softly.assertThat(reported)
                        .as("no more than one failure for each event of %s after %s", key, history)
                        .hasSizeLessThanOrEqualTo(created.getOrDefault(key, 0));
                if (present.containsKey(key) && !original.isPicture()) {
                    softly.assertThat(reported)
                            .as("failures of %s after %s", key, history)
                            .extracting(Permutation::eTag)
                            .contains(original.eTag());
                }
                verifyNote(softly, key, "none", "ObjectNotFound");
            }
        }

        /** Verifies recorded failures after {@link #repeatRemovals}, when no other event can have come later. */
        void verifyNotesAfterRemovals(SoftAssertions softly) {
            removed.forEach(key -> verifyNote(softly, key, "none"));
        }

        /**
         * An unusable original has a recorded failure: usually its own, but that of an older one if the event that looked at the
         * older one was slower. A removed original has none, unless an event of its upload came later than that of the removal.
         */
        private void verifyNote(SoftAssertions softly, String key, String... reasonsIfRemoved) {
            if (present.getOrDefault(key, Original.ABSENT).isPicture()) {
                return; // the recorded failure of an older original may stay
            }
            AttributeValue reason = PIPELINE.failedItem(key).getOrDefault("reason", AttributeValue.fromS("none"));
            var assertion = softly.assertThat(reason.s())
                    .as(
                            "recorded failure of %s after %s, repeated removals: %s",
                            key, history, reasonsIfRemoved.length == 1);
            if (present.containsKey(key)) {
                assertion.isNotEqualTo("none");
            } else {
                assertion.isIn((Object[]) reasonsIfRemoved);
            }
        }

        /** Returns the keys of the originals that have renditions. */
        Stream<String> pictures() {
            return keys.stream()
                    .filter(key -> present.getOrDefault(key, Original.ABSENT).isPicture());
        }

        private Map<String, String> eTags() {
            return PIPELINE
                    .s3
                    .listObjectsV2(request ->
                            request.bucket(PIPELINE.resources.originals()).prefix(seed + "/"))
                    .contents()
                    .stream()
                    .collect(Collectors.toMap(
                            S3Object::key, object -> object.eTag().replace("\"", "")));
        }

        private <T> T anyOf(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }
    }
}

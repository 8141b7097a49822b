// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operation.State;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests what a run finds, sends and keeps. */
@Timeout(60)
class ReconcileRouteTest extends ReconcileRuns {

    @Test
    void gapsAreSentAndEverythingIsCounted() {
        pageOfAllKinds();

        Operation operation = run();

        assertThat(sent()).containsExactly("b", "c");
        Map<String, Long> counts = operation.counts();
        assertThat(counts.keySet()).containsExactlyElementsOf(Kind.RECONCILE.counters());
        assertThat(counts.values()).containsExactly(6L, 2L, 1L, 1L, 1L, 1L, 1L, 2L, 2L, 3L);
        assertThat(operation.examples())
                .isEqualTo(Map.of("missing", List.of("b"), "stale", List.of("c"), "orphans", List.of("e")));
        assertThat(operation.state()).isEqualTo(State.DONE);
        assertThat(operation.position()).isEqualTo("g");
        assertThat(closed).isOne();
    }

    @Test
    void dryRunSendsNothing() {
        with(true, true, 0, 1000, false);
        pageOfAllKinds();

        Operation operation = run();

        assertThat(sent()).isEmpty();
        assertThat(queue.questions).isZero();
        assertThat(operation.counts()).containsEntry("missing", 1L).containsEntry("sent", 0L);
        assertThat(operation.state()).isEqualTo(State.DONE);
        assertThat(operation.message()).startsWith("Events for all gaps (3) cost up to $0.01 in requests");
    }

    @Test
    void orphansAreSentOnlyIfWanted() {
        with(true, false, 100, 1000, false);
        pageOfAllKinds();

        run();

        assertThat(sent()).containsExactly("b", "c", "e");
        assertThat(queue.messages.get(2).messageBody()).contains("ObjectRemoved:Reconcile");
    }

    @Test
    void runWaitsWhileTheQueueIsFull() {
        with(false, false, 100, 15, false);
        page(missing(0, 30));
        queue.beforeBatch = () -> {
            assertThat(queue.waiting).isZero();
            queue.waiting = queue.messages.size() == 10 ? 16 : 0; // the second batch fills the queue
        };
        queue.beforeAnswer = () -> queue.waiting = queue.questions == 4 ? 0 : queue.waiting;

        run();

        assertThat(sent()).hasSize(30);
        assertThat(queue.questions).isEqualTo(4);
    }

    @Test
    void findingsOfACompleteRunOverAllAreKept() {
        pageOfAllKinds();

        run();

        assertThat(state.findings().counts()).containsEntry("missing", 1L).containsEntry("orphans", 1L);
        assertThat(state.findings().endedAt()).isNotNull();
    }

    @Test
    void runOverAPartDoesNotChangeTheFindings() {
        pageOfAllKinds();
        for (ReconcileOptions part : List.of(
                new ReconcileOptions("a/", null, null, false, false, null, true, 0, 50, 1000, false),
                new ReconcileOptions("", Instant.EPOCH, null, false, false, null, true, 0, 50, 1000, false),
                new ReconcileOptions("", null, Instant.EPOCH, false, false, null, true, 0, 50, 1000, false))) {
            options = part;
            run();
        }

        assertThat(state.findings()).isEqualTo(LastFindings.NONE);
    }

    @Test
    void runWithoutGapsVerifiesWhatWasThereWhenItStarted() {
        Instant minuteAgo = Instant.now().minus(Duration.ofMinutes(1));
        options = new ReconcileOptions("", null, minuteAgo, false, false, null, true, 0, 50, 1000, false);
        page(key("a", Look.COMPLETE), key("b", Look.ORPHAN));

        run();
        run();

        assertThat(scopes).extracting(WalkScope::verifiedUntil).containsExactly(null, minuteAgo.minus(CLOCK_SKEW));
    }

    @Test
    void runWithGapsVerifiesNothing() {
        pageOfAllKinds();

        run();
        run();

        assertThat(scopes).extracting(WalkScope::verifiedUntil).containsExactly(null, null);
    }

    @Test
    void inventoryVerifiesNothingAndDoesNotChangeTheFindings() {
        options = new ReconcileOptions("", null, null, false, false, "manifest.json", true, 0, 50, 1000, false);
        page(key("a", Look.COMPLETE));

        run();

        assertThat(state.verifiedUntil("hash")).isNull();
        assertThat(state.findings()).isEqualTo(LastFindings.NONE);
    }

    @Test
    void manyPagesNeedNoDeepStack() {
        with(false, true, 0, 1000, false);
        IntStream.range(0, 5000).forEach(i -> page(key("k" + i, Look.COMPLETE)));

        assertThat(run().counts()).containsEntry("originals", 5000L).containsEntry("listRequests", 10_000L);
    }

    @Test
    void bucketWithoutOriginalsHasNoGaps() {
        assertThat(run().state()).isEqualTo(State.DONE);
        assertThat(state.findings().counts().values()).containsOnly(0L);
        assertThat(sent()).isEmpty();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operation.State;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a run which has ended early is continued, and repeats no more than it has to. */
@Timeout(60)
class ReconcileResumeTest extends ReconcileRuns {

    @Test
    void runsWithALimitContinueWhereTheLastOneEnded() {
        with(false, false, 7, 1000, false);
        page(missing(0, 10));
        page(key("x", Look.COMPLETE));
        page(missing(10, 14));

        Operation first = run();
        assertThat(first.state()).isEqualTo(State.LIMITED);
        assertThat(first.message()).contains("maximum of 7 events").contains("again");
        assertThat(sent()).hasSize(7);

        Operation second = run();

        assertThat(sent())
                .containsExactlyElementsOf(
                        IntStream.range(0, 14).mapToObj("m%02d"::formatted).toList());
        assertThat(second.state()).isEqualTo(State.DONE);
        assertThat(second.counts()).containsEntry("originals", 15L).containsEntry("sent", 14L);
        assertThat(tables.table("failures")).containsOnlyKeys("camel-thumbnails-reconcile");
    }

    @Test
    void restartForgetsThePosition() {
        with(false, false, 7, 1000, false);
        page(missing(0, 10));
        run();
        with(false, false, 7, 1000, true);

        Operation again = run();

        assertThat(sent().subList(7, 14)).containsExactly("m00", "m01", "m02", "m03", "m04", "m05", "m06");
        assertThat(again.counts()).containsEntry("sent", 7L);
    }

    @Test
    void dryRunAndOtherOptionsHaveAPositionOfTheirOwn() {
        with(false, false, 1, 1000, false);
        page(missing(0, 3));
        run();
        with(false, true, 0, 1000, false);

        assertThat(run().counts()).containsEntry("missing", 3L);
    }

    @Test
    void cancelledRunStopsBetweenTwoBatchesAndCanBeContinued() {
        page(missing(0, 35));
        page(missing(35, 40));
        Operation first = new Operation("reconcile", false, Kind.RECONCILE.counters());
        queue.beforeBatch = () -> {
            if (queue.messages.size() == 10) {
                first.cancel();
            }
        };

        run(first);

        assertThat(first.state()).isEqualTo(State.CANCELLED);
        assertThat(first.counts()).containsEntry("sent", 20L).containsEntry("missing", 20L);
        assertThat(sent()).hasSize(20);

        assertThat(run().counts()).containsEntry("sent", 40L);
        assertThat(sent()).doesNotHaveDuplicates().hasSize(40);
    }

    @Test
    void errorGoesToTheCallerAndThePositionIsKept() {
        page(missing(0, 10));
        page(missing(10, 12));
        failingPage = 1;

        assertThatThrownBy(this::run).hasRootCauseMessage("S3 is away");
        assertThat(closed).isOne();
        assertThat(sent()).hasSize(10);
        failingPage = Integer.MAX_VALUE;
        run();

        assertThat(sent()).doesNotHaveDuplicates().hasSize(12);
    }

    @Test
    void nothingIsListedAfterAnError() {
        page(missing(0, 1));
        page(missing(1, 2));
        page(missing(2, 3));
        queue.beforeBatch = () -> {
            throw new IllegalStateException("SQS is away");
        };

        assertThatThrownBy(this::run).hasRootCauseMessage("SQS is away");

        assertThat(listed).isOne();
    }

    @Test
    void batchThatIsRefusedIsSentAgainByTheNextRun() {
        page(missing(0, 25));
        queue.beforeBatch = () -> {
            if (queue.messages.size() == 10) {
                throw new IllegalStateException("SQS is away");
            }
        };

        assertThatThrownBy(this::run).hasRootCauseMessage("SQS is away");
        queue.beforeBatch = () -> {};
        run();

        assertThat(sent()).doesNotHaveDuplicates().hasSize(25);
    }

    @Test
    void continuedRunVerifiesWhatWasThereWhenItsFirstPartStarted() {
        page(key("a", Look.COMPLETE));
        page(key("b", Look.COMPLETE));
        failingPage = 1;
        Instant start = Instant.now();
        assertThatThrownBy(this::run).isNotNull();
        Instant end = Instant.now();
        failingPage = Integer.MAX_VALUE;

        run();

        assertThat(state.verifiedUntil("hash")).isBetween(start.minus(CLOCK_SKEW), end.minus(CLOCK_SKEW));
    }

    /** A window such as "two days ago" begins later in each run, and never earlier. */
    @Test
    void runWithALaterWindowIsContinuedAndOneWithAnEarlierWindowIsNot() {
        page(missing(0, 10));
        Instant start = Instant.now().minus(Duration.ofDays(2));
        for (Instant window : List.of(start, start.plusSeconds(60), start.minusSeconds(60))) {
            options = new ReconcileOptions("", window, null, false, false, null, false, 4, 10_000, 1000, false);
            run();
        }

        assertThat(sent()).endsWith("m07", "m00", "m01", "m02", "m03").hasSize(12);
    }
}

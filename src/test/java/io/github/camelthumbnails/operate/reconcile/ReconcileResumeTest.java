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
import java.time.temporal.ChronoUnit;
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

    /** Like the options of the command {@code reconcile --max 4 --prefix m}, whose window ends a minute before each run. */
    @Test
    void runOverAPartIsContinuedAlthoughItsWindowEndsLaterEachTime() {
        options = new ReconcileOptions(
                "m", null, null, Duration.ofMinutes(1), false, false, null, false, 4, 10_000, 1000, false);
        page(missing(0, 10));

        run();
        run();

        assertThat(sent()).containsExactly("m00", "m01", "m02", "m03", "m04", "m05", "m06", "m07");
        assertThat(scopes)
                .extracting(WalkScope::changedBefore)
                .doesNotHaveDuplicates()
                .allSatisfy(end -> assertThat(end).isBefore(Instant.now().minusSeconds(59)));
    }

    @Test
    void anotherEndOfTheWindowIsAnotherRun() {
        page(missing(0, 10));
        for (Duration age : List.of(Duration.ofDays(2), Duration.ofDays(3))) {
            options = new ReconcileOptions("m", null, null, age, false, false, null, false, 1, 10_000, 1000, false);
            run();
        }
        for (Instant end : List.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1))) {
            options = new ReconcileOptions("m", null, end, false, false, null, false, 1, 10_000, 1000, false);
            run();
        }

        assertThat(sent()).containsOnly("m00").hasSize(4);
    }

    @Test
    void nothingIsRepeatedAlthoughTheLastKeyIsGone() {
        with(false, false, 7, 1000, false);
        page(missing(0, 10));
        run();
        pages.clear();
        page(missing(0, 3));
        page(missing(3, 6)); // not m06, and others before it have made another page
        page(missing(7, 10));

        Operation second = run();

        assertThat(sent()).doesNotHaveDuplicates().hasSize(10);
        assertThat(second.counts()).containsEntry("missing", 10L);
    }

    @Test
    void operatorIsToldThatARunHasContinuedAnother() {
        with(false, false, 2, 1000, false);
        page(missing(0, 3));

        Operation first = run();
        assertThat(first.message()).doesNotContain("has continued");
        String start = first.startedAt().truncatedTo(ChronoUnit.SECONDS).toString();

        assertThat(run().message())
                .isEqualTo("This run has continued one that was started at " + start
                        + ", and counts what that has done. The option restart begins again.");
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

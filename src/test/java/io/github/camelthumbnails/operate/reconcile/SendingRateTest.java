// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendingRateTest {

    private final Operation operation = new Operation("reconcile", false, List.of());
    private long waiting;
    private int questions;
    private long now = -5;
    private final SendingRate rate = new SendingRate(
            20,
            100,
            () -> {
                questions++;
                return waiting;
            },
            () -> now);

    @Test
    void queueIsFullAboveTheLimit() {
        waiting = 100;
        assertThat(rate.isQueueFull(operation)).isFalse();

        rate.sent(1);
        waiting = 101;
        assertThat(rate.isQueueFull(operation)).isTrue();

        waiting = 7;
        assertThat(rate.isQueueFull(operation)).isFalse();
    }

    @Test
    void ownEventsCountUntilSqsIsAskedAgain() {
        for (int i = 0; i < 11; i++) {
            assertThat(rate.isQueueFull(operation)).as("batch %s", i).isFalse();
            rate.sent(10);
        }
        assertThat(questions).isOne();
        waiting = 110;
        assertThat(rate.isQueueFull(operation)).isTrue();
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void oldAnswerIsNotUsed() {
        rate.isQueueFull(operation);
        waiting = 1000;
        now += Duration.ofSeconds(6).toNanos();

        assertThat(rate.isQueueFull(operation)).isTrue();
    }

    @Test
    void cancelledRunDoesNotWait() {
        waiting = 1000;
        operation.cancel();

        assertThat(rate.isQueueFull(operation)).isFalse();
        assertThat(questions).isZero();
    }

    @Test
    void rateIsKept() {
        assertThat(rate.reserve(10)).isZero();
        assertThat(rate.reserve(10)).isEqualTo(500);
        now += Duration.ofMillis(700).toNanos();
        assertThat(rate.reserve(1)).isEqualTo(300);
    }

    @Test
    void timeWithoutEventsIsNotMadeUpFor() {
        rate.reserve(10);
        now += Duration.ofHours(1).toNanos();

        assertThat(rate.reserve(10)).isZero();
        assertThat(rate.reserve(10)).isEqualTo(500);
    }
}

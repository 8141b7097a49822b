// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The clock is fake; {@code pass} advances it. */
class UploadRateTest {

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // overflows during the test, as System.nanoTime() may
    private final UploadRate rate = new UploadRate(now::get);

    @Test
    void rateIsInfiniteDuringTheFirstFiveSeconds() {
        rate.startWaiting();
        pass(4.999);
        assertThat(rate.bytesPerSecond()).isInfinite();
        pass(0.001);
        assertThat(rate.bytesPerSecond()).isZero();
    }

    @Test
    void steadyClientHasAConstantRate() {
        for (int i = 0; i < 100; i++) {
            send(0.25, 2_500);
        }

        assertThat(rate.bytesPerSecond()).isCloseTo(10_000, Offset.offset(500.0));
    }

    @Test
    void fastStartDoesNotCountAfterTheWindow() {
        send(0.01, 4_900_000);
        rate.startWaiting();
        pass(6);
        assertThat(rate.bytesPerSecond()).isGreaterThan(100_000);
        pass(4);
        assertThat(rate.bytesPerSecond()).isZero();
        pass(4);
        rate.stopWaiting(1);
        send(14, 1);

        assertThat(rate.bytesPerSecond()).isLessThan(1);
    }

    @Test
    void windowCoversTenSeconds() {
        send(0.5, 1_000);
        rate.startWaiting();
        pass(9.4);
        assertThat(rate.bytesPerSecond()).isCloseTo(1_000 / 9.9, Offset.offset(0.1));
        pass(0.1);
        assertThat(rate.bytesPerSecond()).isZero();
    }

    @Test
    void timeInWhichTheServerDoesNotWaitIsNotCounted() {
        send(5, 500_000);
        pass(3_600); // S3 is slow

        assertThat(rate.bytesPerSecond()).isCloseTo(100_000, Offset.offset(1.0));
    }

    @Test
    void longPausesOfTheClientAreCounted() {
        send(5, 500_000);
        send(20, 0);

        assertThat(rate.bytesPerSecond()).isZero();
    }

    private void send(double seconds, long bytes) {
        rate.startWaiting();
        pass(seconds);
        rate.stopWaiting(bytes);
    }

    private void pass(double seconds) {
        now.addAndGet((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }
}

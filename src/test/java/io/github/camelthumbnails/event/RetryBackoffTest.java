// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBackoffTest {

    private final RetryBackoff backoff = new RetryBackoff(Duration.ofSeconds(15), Duration.ofMinutes(15));

    @Test
    void delayDoublesUpToTheMaximum() {
        assertThat(IntStream.rangeClosed(1, 9).map(receive -> backoff.delaySeconds(receive, 0)))
                .containsExactly(15, 30, 60, 120, 240, 480, 900, 900, 900);
        assertThat(backoff.delaySeconds(1000, 0)).isEqualTo(900);
    }

    @Test
    void jitterShortensADelayByUpToAFifth() {
        assertThat(backoff.delaySeconds(2, 1)).isEqualTo(24);
        assertThat(backoff.delaySeconds(2, 0.5)).isEqualTo(27);
    }

    @Test
    void twelveReceivesCoverAnOutageOfAnHourWithTheShortestDelays() {
        assertThat(backoff.receivesWithin(Duration.ofHours(1))).isEqualTo(11);
        double shortest = IntStream.rangeClosed(1, 10)
                .map(receive -> backoff.delaySeconds(receive, 1))
                .sum();
        assertThat(shortest).isGreaterThanOrEqualTo(3600);
    }

    @Test
    void totalIsTheSumOfAllDelaysBeforeTheLastReceive() {
        assertThat(backoff.totalSeconds(12)).isEqualTo(15 + 30 + 60 + 120 + 240 + 480 + 5 * 900);
        assertThat(backoff.totalSeconds(1)).isZero();
    }

    @Test
    void visibilityTimeoutOfRedeliveredEventsIsRandomAndGrows() {
        assertThat(IntStream.rangeClosed(2, 9).map(receive -> backoff.visibilitySeconds(receive, 60, 0)))
                .as("the shortest")
                .containsOnly(60);
        assertThat(IntStream.rangeClosed(2, 9).map(receive -> backoff.visibilitySeconds(receive, 60, 1)))
                .as("the longest")
                .containsExactly(120, 120, 180, 300, 540, 960, 960, 960);
    }
}

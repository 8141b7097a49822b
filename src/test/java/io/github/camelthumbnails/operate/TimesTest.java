// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.failure.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how operators can write times, durations and reasons. */
class TimesTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "90s, PT1M30S",
        "15m, PT15M",
        "1h, PT1H",
        "1h30m, PT1H30M",
        "2d, PT48H",
        "1d12h, PT36H",
        "PT5M, PT5M",
        "P1D, PT24H",
        "0s, PT0S"
    })
    void durationIsParsed(String text, Duration duration) {
        assertThat(Times.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "d", "-1h", "1w", "1h2d", "one hour", "99999999999999999999d", "PT"})
    void otherTextIsNoDuration(String text) {
        assertThatThrownBy(() -> Times.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text + " is not a duration. Use for example 90s, 15m, 3h, 2d or PT5M");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T08:00:00Z, 2026-01-31T08:00:00Z",
        "2026-01-31T08:00:00+02:00, 2026-01-31T06:00:00Z",
        "2026-01-31, 2026-01-31T00:00:00Z",
        "2d, 2026-03-08T12:00:00Z",
        "PT5M, 2026-03-10T11:55:00Z"
    })
    void timeIsParsed(String text, Instant time) {
        assertThat(Times.instant(text, NOW)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-02-30", "2026-01-31T08:00:00", "9999999999999d"})
    void otherTextIsNoTime(String text) {
        assertThatThrownBy(() -> Times.instant(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is neither a time nor a duration");
    }

    @Test
    void reasonsAreParsedAndCorrected() {
        assertThat(Reasons.parse(List.of("accessdenied, InternalError", "Timeout")))
                .containsExactlyInAnyOrder(
                        FailureReason.AccessDenied, FailureReason.InternalError, FailureReason.Timeout);
        assertThatThrownBy(() -> Reasons.parse(List.of("CorruptPicture")))
                .hasMessage("There is no reason CorruptPicture. Did you mean CorruptImage?");
    }

    @Test
    void redriveRetriesWhatARetryCanHelp() {
        assertThat(Reasons.worthARetry())
                .contains(FailureReason.AccessDenied, FailureReason.RequestRefused, FailureReason.InternalError)
                .doesNotContain(FailureReason.CorruptImage, FailureReason.Timeout, FailureReason.ObjectNotFound);
    }
}

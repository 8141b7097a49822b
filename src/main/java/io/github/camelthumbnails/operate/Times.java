// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Parses times and durations as operators write them. */
public final class Times {

    private Times() {}

    /**
     * Parses a duration such as {@code 90s}, {@code 1h30m}, {@code 2d} or {@code PT5M}.
     *
     * @throws IllegalArgumentException if the text is invalid
     */
    public static Duration duration(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        try {
            Duration duration = Duration.parse(
                    upper.startsWith("P")
                            ? upper
                            : "P" + upper.replaceFirst("^(\\d+D)?", "$1T").replaceFirst("T$", ""));
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // The message below says what is valid.
        }
        throw new IllegalArgumentException(text + " is not a duration. Use for example 90s, 15m, 3h, 2d or PT5M");
    }

    /** Returns whether a time is written as a duration before now, so that it depends on when it is used. */
    public static boolean isDuration(String text) {
        try {
            duration(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Parses a time: an ISO 8601 time or date, or a duration before now.
     *
     * @param now the present time
     * @throws IllegalArgumentException if the text is invalid
     */
    public static Instant instant(String text, Instant now) {
        String stripped = text.strip();
        try {
            return stripped.matches("\\d{4}-\\d{2}-\\d{2}")
                    ? LocalDate.parse(stripped).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(stripped).toInstant();
        } catch (DateTimeException e) {
            // The text may be a duration.
        }
        try {
            return now.minus(duration(stripped));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    text
                            + " is neither a time nor a duration. Use for example 2026-01-31T08:00:00Z, 2026-01-31, 3h or 2d",
                    e);
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.Reasons;
import io.github.camelthumbnails.operate.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Converts the values of options, and names the option if a value is wrong. */
final class Values {

    private final CommandLine line;

    /** @param line the command whose options are converted */
    Values(CommandLine line) {
        this.line = line;
    }

    void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(line, message);
        }
    }

    Set<FailureReason> reasons(List<String> names) {
        try {
            return Reasons.parse(names);
        } catch (IllegalArgumentException e) {
            throw wrong("--reason", e);
        }
    }

    /** Returns the time that was a duration ago. */
    Instant ago(String option, String text, Instant now) {
        return now.minus(duration(option, text, now));
    }

    /** Returns a duration that can be subtracted from the present time. */
    Duration duration(String option, String text, Instant now) {
        try {
            Duration duration = Times.duration(text);
            now.minus(duration);
            return duration;
        } catch (IllegalArgumentException e) {
            throw wrong(option, e);
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(option, new IllegalArgumentException(text + " is too long", e));
        }
    }

    /** Returns a time, or null if the option is missing. */
    Instant instant(String option, String text, Instant now) {
        try {
            return text == null ? null : Times.instant(text, now);
        } catch (IllegalArgumentException e) {
            throw wrong(option, e);
        }
    }

    private ParameterException wrong(String option, Exception e) {
        return new ParameterException(line, option + ": " + e.getMessage(), e);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.QueueAges;
import java.time.Duration;
import java.util.Locale;

/** Writes names of counters and ages for people. */
final class Words {

    private Words() {}

    /** Returns a name such as {@code listRequests} as words: {@code list requests}. */
    static String separate(String counter) {
        return counter.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** Returns the age of the oldest message of a queue, such as {@code 3 h 5 min}. */
    static String age(QueueAges.Age age) {
        if (age.seconds() == null) {
            return age.problem() == null ? "-" : "unknown";
        }
        Duration duration = Duration.ofSeconds(age.seconds());
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}

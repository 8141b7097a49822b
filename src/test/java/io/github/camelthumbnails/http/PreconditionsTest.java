// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static io.github.camelthumbnails.http.Preconditions.Outcome.FAILED;
import static io.github.camelthumbnails.http.Preconditions.Outcome.MET;
import static io.github.camelthumbnails.http.Preconditions.Outcome.MET_WITHOUT_RANGE;
import static io.github.camelthumbnails.http.Preconditions.Outcome.NOT_MODIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionsTest {

    private static final String TAG = "\"abc-2\"";
    private static final Instant MODIFIED = Instant.parse("2026-11-03T08:30:00.750Z");
    private static final String SAME = "Tue, 03 Nov 2026 08:30:00 GMT";
    private static final String BEFORE = "Tue, 03 Nov 2026 08:29:59 GMT";
    private static final String AFTER = "Tue, 03 Nov 2026 08:30:01 GMT";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"abc-2\"",
                "*",
                " * ",
                "\"x\", \"abc-2\"",
                "\"x\",\"abc-2\",\"y\"",
                "abc-2",
                "W/\"x\", \"abc-2\"",
                ", ,\"abc-2\"",
                "\"x\",,\"abc-2\",",
                "\"a,b\", \"abc-2\""
            })
    void ifMatchAcceptsAnyTagOfItsList(String tags) {
        assertThat(outcome("If-Match", tags)).isEqualTo(MET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\"",
                "\"x\", \"y\"",
                "W/\"abc-2\"",
                "",
                "\"abc\"",
                "\"abc-2",
                "\"x\" \"abc-2\"",
                "\"ABC-2\"",
                "*, \"x\""
            })
    void ifMatchComparesStrongly(String tags) {
        assertThat(outcome("If-Match", tags)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc-2\"", "W/\"abc-2\"", "*", "\"x\", W/\"abc-2\"", "\"x\",\"abc-2\"", "abc-2"})
    void ifNoneMatchComparesWeakly(String tags) {
        assertThat(outcome("If-None-Match", tags)).isEqualTo(NOT_MODIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "W/\"x\"", "\"x\", \"y\"", "W/\"", "", "w/\"abc-2\""})
    void ifNoneMatchIsMetIfNoTagMatches(String tags) {
        assertThat(outcome("If-None-Match", tags)).isEqualTo(MET);
    }

    /** A pattern that backtracks would need seconds for each of these. */
    @ParameterizedTest
    @ValueSource(strings = {"W/", "a", " ", "\"a", "a,", ", "})
    @Timeout(5)
    void longListIsParsedInLinearTime(String part) {
        String list = part.repeat(200_000 / part.length()) + "\"";

        assertThat(outcome("If-Match", list)).isEqualTo(FAILED);
        assertThat(outcome("If-None-Match", list)).isEqualTo(MET);
    }

    @Test
    void listMaySpanSeveralHeaders() {
        assertThat(outcome("If-None-Match", "\"x\"", "If-None-Match", TAG)).isEqualTo(NOT_MODIFIED);
        assertThat(outcome("If-Match", "\"x\"", "If-Match", TAG)).isEqualTo(MET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Modified-Since   | " + BEFORE + " | MET",
                "If-Modified-Since   | " + SAME + " | NOT_MODIFIED",
                "If-Modified-Since   | " + AFTER + " | NOT_MODIFIED",
                "If-Unmodified-Since | " + BEFORE + " | FAILED",
                "If-Unmodified-Since | " + SAME + " | MET",
                "If-Unmodified-Since | " + AFTER + " | MET",
                "If-Modified-Since   | yesterday | MET",
                "If-Unmodified-Since | yesterday | MET"
            })
    void datesAreComparedInWholeSeconds(String header, String date, Preconditions.Outcome expected) {
        assertThat(outcome(header, date)).isEqualTo(expected);
    }

    @Test
    void repeatedDatesAreIgnored() {
        assertThat(outcome("If-Modified-Since", SAME, "If-Modified-Since", AFTER))
                .isEqualTo(MET);
        assertThat(outcome("If-Unmodified-Since", BEFORE, "If-Unmodified-Since", BEFORE))
                .isEqualTo(MET);
    }

    @Test
    void tagsTakePrecedenceOverDates() {
        assertThat(outcome("If-Match", TAG, "If-Unmodified-Since", BEFORE)).isEqualTo(MET);
        assertThat(outcome("If-None-Match", "\"x\"", "If-Modified-Since", AFTER))
                .isEqualTo(MET);
    }

    @Test
    void failureTakesPrecedenceOverNotModified() {
        assertThat(outcome("If-Match", "\"x\"", "If-None-Match", TAG)).isEqualTo(FAILED);
        assertThat(outcome("If-Unmodified-Since", BEFORE, "If-None-Match", TAG)).isEqualTo(FAILED);
        assertThat(outcome("If-Match", TAG, "If-None-Match", TAG)).isEqualTo(NOT_MODIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {TAG, SAME})
    void rangeIsHonouredIfTheObjectIsTheSame(String validator) {
        assertThat(outcome("If-Range", validator)).isEqualTo(MET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "W/" + TAG, BEFORE, AFTER, "*", TAG + ", \"x\"", "abc-2", "yesterday", ""})
    void rangeIsIgnoredUnlessTheObjectIsProvenToBeTheSame(String validator) {
        assertThat(outcome("If-Range", validator)).isEqualTo(MET_WITHOUT_RANGE);
    }

    @Test
    void ifRangeIsEvaluatedLast() {
        assertThat(outcome("If-Range", TAG, "If-Match", "\"x\"")).isEqualTo(FAILED);
        assertThat(outcome("If-Range", TAG, "If-None-Match", TAG)).isEqualTo(NOT_MODIFIED);
    }

    @Test
    void requestWithoutConditionsReturnsTheObject() {
        assertThat(outcome()).isEqualTo(MET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Tue, 03 Nov 2026 08:30:00 GMT", "Tuesday, 03-Nov-26 08:30:00 GMT", "Tue Nov  3 08:30:00 2026"})
    void allThreeDateFormatsOfHttpAreParsed(String date) {
        assertThat(Preconditions.date(date)).isEqualTo("2026-11-03T08:30:00Z");
    }

    @Test
    void yearOfTwoDigitsIsAtMostFiftyYearsAhead() {
        LocalDate past = LocalDate.now(ZoneOffset.UTC).minusYears(45).withDayOfYear(1);
        String date = DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy", Locale.US).format(past);

        assertThat(Preconditions.date(date + " 00:00:00 GMT"))
                .isEqualTo(past.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    @Test
    void formattedDayOfTheMonthHasTwoDigits() {
        assertThat(Preconditions.format(MODIFIED)).isEqualTo(SAME);
    }

    private static Preconditions.Outcome outcome(String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        return new Preconditions(map, TAG, MODIFIED).evaluate();
    }
}

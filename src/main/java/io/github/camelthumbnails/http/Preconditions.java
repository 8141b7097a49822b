// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates the conditions of a GET or HEAD as RFC 9110, section 13 says. S3 itself knows neither lists of entity tags nor weak ones,
 * nor {@code If-Range}.
 */
final class Preconditions {

    /** Result of evaluating the conditions of a request. */
    enum Outcome {
        /** Send the object, or its range if one was requested. */
        MET,
        /** Send the whole object although a range was requested. */
        MET_WITHOUT_RANGE,
        NOT_MODIFIED,
        FAILED
    }

    /** An element of a list: an entity tag, or nothing. Clients of S3 leave out the quotes at times. */
    private static final Pattern TAG = Pattern.compile("\\s*+(W/)?(\"[^\"]*+\"|[^\\s\",]++)?\\s*+(?:,|$)");

    /** The form in which dates are sent. */
    private static final DateTimeFormatter FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US).withZone(ZoneOffset.UTC);

    private final MultiMap headers;
    private final String eTag;
    private final Instant lastModified;

    /**
     * @param headers of the request
     * @param eTag the object's entity tag with its quotes
     * @param lastModified the object's modification time
     */
    Preconditions(MultiMap headers, String eTag, Instant lastModified) {
        this.headers = headers;
        this.eTag = eTag;
        this.lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS); // what a date in a header can say
    }

    /** Whether a request depends on what the object is like. */
    static boolean areIn(MultiMap headers) {
        return headers.contains("If-Match")
                || headers.contains("If-None-Match")
                || headers.contains("If-Modified-Since")
                || headers.contains("If-Unmodified-Since");
    }

    /** Evaluates the conditions in the order of RFC 9110, 13.2.2. */
    Outcome evaluate() {
        String ifMatch = header("If-Match");
        if (ifMatch != null) {
            if (!matches(ifMatch, false)) {
                return Outcome.FAILED;
            }
        } else {
            Instant date = date(header("If-Unmodified-Since"));
            if (date != null && lastModified.isAfter(date)) {
                return Outcome.FAILED;
            }
        }
        String ifNoneMatch = header("If-None-Match");
        if (ifNoneMatch != null) {
            if (matches(ifNoneMatch, true)) {
                return Outcome.NOT_MODIFIED;
            }
        } else {
            Instant date = date(header("If-Modified-Since"));
            if (date != null && !lastModified.isAfter(date)) {
                return Outcome.NOT_MODIFIED;
            }
        }
        String ifRange = header("If-Range");
        return ifRange == null || isSame(ifRange.strip()) ? Outcome.MET : Outcome.MET_WITHOUT_RANGE;
    }

    private String header(String name) {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private boolean isSame(String validator) {
        return validator.equals(eTag) || lastModified.equals(date(validator));
    }

    private boolean matches(String list, boolean weakly) {
        if (list.strip().equals("*")) {
            return true;
        }
        Matcher tag = TAG.matcher(list);
        for (int end = 0; end < list.length() && tag.region(end, list.length()).lookingAt(); end = tag.end()) {
            boolean comparable = tag.group(2) != null && (weakly || tag.group(1) == null);
            if (comparable && unquoted(tag.group(2)).equals(unquoted(eTag))) {
                return true;
            }
        }
        return false;
    }

    private static String unquoted(String tag) {
        return tag.replace("\"", "");
    }

    /** Formats a date for a header. */
    static String format(Instant date) {
        return FIXDATE.format(date);
    }

    /** Reads a date in one of the three forms that HTTP knows. Returns null for any other text, which HTTP ignores. */
    static Instant date(String text) {
        if (text == null) {
            return null;
        }
        for (DateTimeFormatter form : List.of(FIXDATE, ASCTIME, rfc850())) {
            try {
                return Instant.from(form.parse(text.strip()));
            } catch (DateTimeParseException e) {
                // Perhaps one of the others.
            }
        }
        return null;
    }

    /** Two digits of a year mean one that is at most 50 years ahead. */
    private static DateTimeFormatter rfc850() {
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(
                        ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US)
                .withZone(ZoneOffset.UTC);
    }
}

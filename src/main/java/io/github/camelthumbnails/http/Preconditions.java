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
 * Evaluates the conditional headers of a GET or HEAD request according to RFC 9110, section 13. S3 itself supports
 * neither lists of entity tags nor weak ones, nor {@code If-Range}.
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

    /** Matches one element of a list: an entity tag or nothing. Some S3 clients omit the quotes. */
    private static final Pattern TAG = Pattern.compile("\\s*+(W/)?(\"[^\"]*+\"|[^\\s\",]++)?\\s*+(?:,|$)");

    /** The preferred date format of HTTP, and the only one that may be sent. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US).withZone(ZoneOffset.UTC);

    private final MultiMap headers;
    private final String eTag;
    private final Instant lastModified;

    /**
     * @param headers the request headers
     * @param eTag the object's entity tag, with quotes
     * @param lastModified the object's modification time
     */
    Preconditions(MultiMap headers, String eTag, Instant lastModified) {
        this.headers = headers;
        this.eTag = eTag;
        this.lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS); // the precision of HTTP dates
    }

    /** Returns whether the headers contain a condition other than {@code If-Range}. */
    static boolean arePresent(MultiMap headers) {
        return headers.contains("If-Match")
                || headers.contains("If-None-Match")
                || headers.contains("If-Modified-Since")
                || headers.contains("If-Unmodified-Since");
    }

    /** Evaluates the conditions in the order that RFC 9110, 13.2.2 prescribes. */
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
        return ifRange == null || isCurrent(ifRange.strip()) ? Outcome.MET : Outcome.MET_WITHOUT_RANGE;
    }

    private String header(String name) {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private boolean isCurrent(String validator) {
        return validator.equals(eTag) || lastModified.equals(date(validator));
    }

    private boolean matches(String list, boolean allowWeak) {
        if (list.strip().equals("*")) {
            return true;
        }
        Matcher tag = TAG.matcher(list);
        for (int end = 0; end < list.length() && tag.region(end, list.length()).lookingAt(); end = tag.end()) {
            boolean comparable = tag.group(2) != null && (allowWeak || tag.group(1) == null);
            if (comparable && unquoted(tag.group(2)).equals(unquoted(eTag))) {
                return true;
            }
        }
        return false;
    }

    private static String unquoted(String tag) {
        return tag.replace("\"", "");
    }

    /** Formats a date for an HTTP header. */
    static String format(Instant date) {
        return IMF_FIXDATE.format(date);
    }

    /**
     * Parses a date in one of the three formats of HTTP. Returns null for any other text, because HTTP ignores invalid
     * dates.
     */
    static Instant date(String text) {
        if (text == null) {
            return null;
        }
        for (DateTimeFormatter formatter : List.of(IMF_FIXDATE, ASCTIME, rfc850())) {
            try {
                return Instant.from(formatter.parse(text.strip()));
            } catch (DateTimeParseException e) {
                // try the next format
            }
        }
        return null;
    }

    /** Returns the format of RFC 850. Its two-digit years are at most 50 years in the future. */
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

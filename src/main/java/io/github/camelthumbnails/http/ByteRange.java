// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes of an object, parsed from a {@code Range} header. Both ends are inclusive.
 *
 * @param first position of the first byte
 * @param last position of the last byte
 */
record ByteRange(long first, long last) {

    /**
     * The whole object, for a request without a range and for multiple or invalid ranges, which HTTP allows a server to
     * ignore.
     */
    static final ByteRange WHOLE = new ByteRange(0, Long.MAX_VALUE);

    /** The result for a range that contains no byte of the object. */
    static final ByteRange UNSATISFIABLE = new ByteRange(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final Pattern BYTES = Pattern.compile("(?i:bytes)=[ \\t]*(\\d*)-(\\d*)[ \\t]*");

    /**
     * Resolves a {@code Range} header against the length of an object, according to RFC 9110, 14.1.2.
     *
     * @param header the header's value, or null
     * @param length the object's length in bytes
     */
    static ByteRange of(String header, long length) {
        Matcher range = BYTES.matcher(header == null ? "" : header);
        if (!range.matches()) {
            return WHOLE;
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? WHOLE : lastBytes(number(last), length);
        }
        long from = number(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
        if (to < from) {
            return WHOLE;
        }
        return from >= length ? UNSATISFIABLE : new ByteRange(from, Math.min(to, length - 1));
    }

    private static ByteRange lastBytes(long count, long length) {
        if (count == 0) {
            return UNSATISFIABLE;
        }
        // Content-Range cannot describe a part of an empty object.
        return length == 0 ? WHOLE : new ByteRange(Math.max(0, length - count), length - 1);
    }

    /**
     * Parses a number of any length. One that does not fit into a long becomes the maximum, which exceeds any object.
     */
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /** Returns the {@code Range} header for the request to S3, or null for the whole object. */
    String header() {
        return equals(WHOLE) ? null : "bytes=" + first + "-" + last;
    }
}

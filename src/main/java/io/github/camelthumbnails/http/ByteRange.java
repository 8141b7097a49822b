// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes in an object, both ends included.
 *
 * @param first position of the first byte
 * @param last position of the last byte
 */
record ByteRange(long first, long last) {

    /** The answer to a request for no range, for several or for an invalid one: HTTP allows to ignore these. */
    static final ByteRange WHOLE = new ByteRange(0, Long.MAX_VALUE);

    /** The answer to a request for bytes that the object does not have. */
    static final ByteRange UNSATISFIABLE = new ByteRange(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final Pattern BYTES = Pattern.compile("(?i:bytes)=[ \\t]*(\\d*)-(\\d*)[ \\t]*");

    /**
     * Applies a {@code Range} header to an object, as RFC 9110, 14.1.2 says.
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
        // No Content-Range can describe a part of an empty object.
        return length == 0 ? WHOLE : new ByteRange(Math.max(0, length - count), length - 1);
    }

    /** Reads a number of any length. Those that do not fit are larger than any object. */
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /** The value of the {@code Range} header for S3, or null for the whole object. */
    String header() {
        return equals(WHOLE) ? null : "bytes=" + first + "-" + last;
    }
}

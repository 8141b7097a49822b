// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.Arrays;

/**
 * The bytes with which all files of a format start.
 *
 * @param bytes hexadecimal bytes separated by spaces; two dots match any byte
 */
public record Signature(String bytes) {

    private static final Signature BYTE_ORDER_MARK = new Signature("EF BB BF");

    /** Position up to which line breaks are skipped. */
    private static final int MAX_BLANKS = 16;

    /** Returns whether a file starts with any of the signatures. */
    public static boolean matchesAny(byte[] file, Signature... signatures) {
        return Arrays.stream(signatures).anyMatch(signature -> signature.matches(file));
    }

    /**
     * Removes the byte order mark and the line breaks that a text editor or a script has added before the first byte of
     * a file.
     */
    static byte[] stripLeadingBlanks(byte[] file) {
        int start = file.length > 3 && matchesAny(file, BYTE_ORDER_MARK) ? 3 : 0;
        while (start < Math.min(file.length, MAX_BLANKS) && (file[start] == '\r' || file[start] == '\n')) {
            start++;
        }
        return start == 0 ? file : Arrays.copyOfRange(file, start, file.length);
    }

    private boolean matches(byte[] file) {
        String[] expected = bytes.split(" ");
        if (file.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].equals("..") && Integer.parseInt(expected[i], 16) != (file[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}

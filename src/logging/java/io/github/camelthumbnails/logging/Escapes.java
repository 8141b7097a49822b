// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

/**
 * Escapes characters that could end a log line, control the terminal that shows it, or change the order in which its characters
 * are shown. Object keys can hold all of them.
 */
final class Escapes {

    private Escapes() {}

    /**
     * Appends a text and replaces each unsafe character by its escape in Java's notation.
     *
     * @param text what to append
     * @param start index of the first character to append
     * @param end index after the last character to append
     * @param result receives the escaped text
     */
    static void append(CharSequence text, int start, int end, StringBuilder result) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (isUnsafe(c)) {
                        result.append(String.format("\\u%04X", (int) c));
                    } else {
                        result.append(c);
                    }
                }
            }
        }
    }

    /** Returns whether it is a control character (ESC and NEL are two), a line separator or a bidirectional control. */
    static boolean isUnsafe(char c) {
        return Character.isISOControl(c)
                || c == '\u061C'
                || c == '\u200E'
                || c == '\u200F'
                || c >= '\u2028' && c <= '\u202E'
                || c >= '\u2066' && c <= '\u2069';
    }
}

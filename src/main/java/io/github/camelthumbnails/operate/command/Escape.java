// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

/** Escapes characters that could control a terminal, or change the order in which text is shown. Object keys can contain all of them. */
final class Escape {

    private Escape() {}

    /** Returns a text with each unsafe character and each backslash replaced by its escape in Java's notation. */
    static String key(String text) {
        return text(text.replace("\\", "\\\\"));
    }

    /** Returns a text with each unsafe character replaced by its escape in Java's notation, or a dash if there is none. */
    static String text(String text) {
        if (text == null) {
            return "-";
        }
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (isUnsafe(c)) {
                        for (char unit : Character.toChars(c)) {
                            result.append(String.format("\\u%04X", (int) unit));
                        }
                    } else {
                        result.appendCodePoint(c);
                    }
                }
            }
        });
        return result.toString();
    }

    private static boolean isUnsafe(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}

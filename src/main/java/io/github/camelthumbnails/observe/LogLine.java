// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One log line with fields. Fields without a value are left out. Text is cut to a length that any object key in ASCII fits into,
 * because clients choose keys and paths, and senders of messages to the events queue choose the rest.
 */
final class LogLine {

    /** Maximum length of a field in UTF-16 code units. */
    static final int MAX_FIELD_LENGTH = 1024;

    /** Maximum length of the message: a key, and a sentence about it. */
    static final int MAX_MESSAGE_LENGTH = 2048;

    private static final String DOTS = "...";

    private final LoggingEventBuilder builder;

    LogLine(Logger logger, Level level) {
        builder = logger.atLevel(level);
    }

    /**
     * Adds a field.
     *
     * @param value its value, or null to leave the field out
     */
    LogLine add(String name, Object value) {
        if (value != null) {
            builder.addKeyValue(name, cut(value.toString(), MAX_FIELD_LENGTH));
        }
        return this;
    }

    /** Adds an entity tag without its quotation marks. */
    LogLine addETag(String eTag) {
        return add("eTag", eTag == null ? null : eTag.replace("\"", ""));
    }

    /** Writes the line. */
    void log(String message) {
        builder.log("{}", cut(message, MAX_MESSAGE_LENGTH));
    }

    /** Shortens a text to a maximum length, which includes the dots at its end. Does not cut between the halves of a surrogate pair. */
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = length - DOTS.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + DOTS;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.pattern.ConverterKeys;
import org.apache.logging.log4j.core.pattern.ExtendedThrowablePatternConverter;
import org.apache.logging.log4j.core.pattern.LogEventPatternConverter;
import org.apache.logging.log4j.core.pattern.PatternConverter;

/**
 * Writes a stack trace as Log4j's {@code %xEx} does, with the unsafe characters of the messages in it escaped:
 * {@code %escapedEx}. The stack trace keeps its own lines and their indentation.
 */
@Plugin(name = "EscapedThrowableConverter", category = PatternConverter.CATEGORY)
@ConverterKeys("escapedEx")
public final class EscapedThrowableConverter extends LogEventPatternConverter {

    /**
     * Ends each line of Log4j's stack trace, to tell its lines from line breaks in a message. These are the halves of a surrogate
     * pair in the wrong order, which no text that was once UTF-8 can hold.
     */
    private static final String END_OF_LINE = "\uDC00\uD800";

    private final ExtendedThrowablePatternConverter stackTrace;

    private EscapedThrowableConverter(ExtendedThrowablePatternConverter stackTrace) {
        super("escapedEx", "throwable");
        this.stackTrace = stackTrace;
    }

    /**
     * Creates a converter. Log4j calls this.
     *
     * @param configuration the configuration that has the pattern
     * @param options none
     */
    public static EscapedThrowableConverter newInstance(Configuration configuration, String[] options) {
        return new EscapedThrowableConverter(ExtendedThrowablePatternConverter.newInstance(
                configuration, new String[] {"full", "separator(" + END_OF_LINE + ")"}));
    }

    @Override
    public boolean handlesThrowable() {
        return true;
    }

    @Override
    public void format(LogEvent event, StringBuilder lines) {
        StringBuilder text = new StringBuilder();
        stackTrace.format(event, text);
        int start = 0;
        while (start < text.length()) {
            while (start < text.length() && text.charAt(start) == '\t') {
                lines.append('\t');
                start++;
            }
            int end = text.indexOf(END_OF_LINE, start);
            end = end < 0 ? text.length() : end;
            Escapes.append(text, start, end, lines);
            lines.append(System.lineSeparator());
            start = end + END_OF_LINE.length();
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import java.util.List;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.pattern.ConverterKeys;
import org.apache.logging.log4j.core.pattern.LogEventPatternConverter;
import org.apache.logging.log4j.core.pattern.PatternConverter;

/**
 * Writes fields of a log event after its message: <code>%fields{key,ms}</code> writes {@code key=a.jpg ms=12}, after a tab. Fields
 * without a value are left out. A value with a space, a quotation mark or an unsafe character is quoted and escaped, so that no
 * value can add a field; and neither can a message, because a tab in a message is escaped.
 */
@Plugin(name = "FieldsConverter", category = PatternConverter.CATEGORY)
@ConverterKeys("fields")
public final class FieldsConverter extends LogEventPatternConverter {

    private final List<String> names;

    private FieldsConverter(List<String> names) {
        super("fields", "fields");
        this.names = names;
    }

    /**
     * Creates a converter. Log4j calls this.
     *
     * @param options the names of the fields in the order in which they are written, separated by commas
     */
    public static FieldsConverter newInstance(String[] options) {
        return new FieldsConverter(List.of(options[0].split(",")));
    }

    @Override
    public void format(LogEvent event, StringBuilder line) {
        char separator = '\t';
        for (String name : names) {
            String value = event.getContextData().getValue(name);
            if (value != null) {
                line.append(separator).append(name).append('=');
                append(value, line);
                separator = ' ';
            }
        }
    }

    private static void append(String value, StringBuilder line) {
        if (!value.isEmpty() && value.chars().noneMatch(FieldsConverter::needsQuotes)) {
            line.append(value);
            return;
        }
        String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
        line.append('"');
        Escapes.append(quoted, 0, quoted.length(), line);
        line.append('"');
    }

    private static boolean needsQuotes(int c) {
        return c == '"' || c == '\\' || Character.isSpaceChar(c) || Escapes.isUnsafe((char) c);
    }
}

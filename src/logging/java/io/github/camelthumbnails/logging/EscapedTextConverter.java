// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import java.util.List;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.core.pattern.ConverterKeys;
import org.apache.logging.log4j.core.pattern.LogEventPatternConverter;
import org.apache.logging.log4j.core.pattern.PatternConverter;
import org.apache.logging.log4j.core.pattern.PatternFormatter;

/**
 * Keeps a log line one line that reads as it was written: <code>%escaped{pattern}</code> writes the pattern with its unsafe
 * characters escaped. Log4j's own {@code %enc} escapes nothing but CR and LF.
 */
@Plugin(name = "EscapedTextConverter", category = PatternConverter.CATEGORY)
@ConverterKeys("escaped")
public final class EscapedTextConverter extends LogEventPatternConverter {

    private final List<PatternFormatter> formatters;

    private EscapedTextConverter(List<PatternFormatter> formatters) {
        super("escaped", "escaped");
        this.formatters = formatters;
    }

    /**
     * Creates a converter. Log4j calls this.
     *
     * @param configuration the configuration that has the pattern
     * @param options the pattern to write
     */
    public static EscapedTextConverter newInstance(Configuration configuration, String[] options) {
        return new EscapedTextConverter(
                PatternLayout.createPatternParser(configuration).parse(options[0]));
    }

    @Override
    public void format(LogEvent event, StringBuilder line) {
        StringBuilder text = new StringBuilder();
        for (PatternFormatter formatter : formatters) {
            formatter.format(event, text);
        }
        Escapes.append(text, 0, text.length(), line);
    }
}

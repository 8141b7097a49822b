// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Node;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginConfiguration;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/**
 * Writes log lines as text or as JSON: the layout {@code LogLines} of the log configuration. A log configuration in the format of
 * Java properties cannot choose between two layouts by itself. The classes for JSON are loaded only if they are needed.
 */
@Plugin(name = "LogLines", category = Node.CATEGORY, elementType = Layout.ELEMENT_TYPE)
public final class LogLines {

    private LogLines() {}

    /**
     * Creates the layout. Log4j calls this.
     *
     * @param format {@code json} for one JSON object per line; all other values for text
     * @param pattern the pattern of a line of text
     * @param eventTemplateUri the template of a JSON object
     * @param stackTraces whether a JSON object has the stack trace of an exception; text has it if the pattern says so
     */
    @PluginFactory
    public static Layout<String> create(
            @PluginConfiguration Configuration configuration,
            @PluginAttribute("format") String format,
            @PluginAttribute("pattern") String pattern,
            @PluginAttribute("eventTemplateUri") String eventTemplateUri,
            @PluginAttribute(value = "stackTraces", defaultBoolean = true) boolean stackTraces) {
        return "json".equals(format)
                ? Json.layout(configuration, eventTemplateUri, stackTraces)
                : PatternLayout.newBuilder()
                        .withConfiguration(configuration)
                        .withCharset(StandardCharsets.UTF_8)
                        .withPattern(pattern)
                        .build();
    }

    /** Keeps the classes for JSON out of a process that logs text. */
    private static final class Json {

        static Layout<String> layout(Configuration configuration, String eventTemplateUri, boolean stackTraces) {
            return new EscapedJsonLayout(JsonTemplateLayout.newBuilder()
                    .setConfiguration(configuration)
                    .setCharset(StandardCharsets.UTF_8)
                    .setEventTemplateUri(eventTemplateUri)
                    .setEventDelimiter("\n")
                    .setStackTraceEnabled(stackTraces)
                    .build());
        }
    }
}

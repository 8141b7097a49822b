// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.apache.logging.log4j.layout.template.json.resolver.EventResolver;
import org.apache.logging.log4j.layout.template.json.resolver.EventResolverContext;
import org.apache.logging.log4j.layout.template.json.resolver.EventResolverFactory;
import org.apache.logging.log4j.layout.template.json.resolver.TemplateResolverConfig;
import org.apache.logging.log4j.layout.template.json.resolver.TemplateResolverFactory;
import org.apache.logging.log4j.layout.template.json.util.JsonWriter;

/**
 * Writes a field of a log event as a number: <code>{"$resolver": "number", "key": "ms", "factor": 1000000}</code>. Log4j keeps
 * fields as text, and its own resolver writes them so.
 */
@Plugin(name = "NumberResolverFactory", category = TemplateResolverFactory.CATEGORY)
public final class NumberResolverFactory implements EventResolverFactory {

    private static final NumberResolverFactory INSTANCE = new NumberResolverFactory();

    private NumberResolverFactory() {}

    /** Returns the factory. Log4j calls this. */
    @PluginFactory
    public static NumberResolverFactory getInstance() {
        return INSTANCE;
    }

    @Override
    public String getName() {
        return "number";
    }

    @Override
    public EventResolver create(EventResolverContext context, TemplateResolverConfig config) {
        Integer factor = config.getInteger("factor");
        return new NumberResolver(config.getString("key"), factor == null ? 1 : factor);
    }

    private record NumberResolver(String key, long factor) implements EventResolver {

        @Override
        public boolean isResolvable(LogEvent event) {
            String value = event.getContextData().getValue(key);
            return value != null && value.matches("-?\\d{1,12}");
        }

        @Override
        public void resolve(LogEvent event, JsonWriter json) {
            json.writeNumber(Long.parseLong(event.getContextData().getValue(key)) * factor);
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Collects the lines of a logger while it is open: their fields, and the fields {@code level} and {@code message}. */
public final class CapturedLog implements AutoCloseable {

    private final List<Map<String, String>> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level level;
    private final AbstractAppender appender;

    /** Starts to collect the lines of a logger, of all levels. */
    public CapturedLog(String name) {
        logger = (Logger) LogManager.getLogger(name);
        level = logger.getLevel();
        appender = new AbstractAppender("captured", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                Map<String, String> line = new HashMap<>(event.getContextData().toMap());
                line.put("level", event.getLevel().name());
                line.put("message", event.getMessage().getFormattedMessage());
                lines.add(line);
            }
        };
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.ALL);
    }

    /** Returns the lines so far. */
    public List<Map<String, String>> lines() {
        return List.copyOf(lines);
    }

    /** Returns the only line. */
    public Map<String, String> line() {
        if (lines.size() != 1) {
            throw new AssertionError("not one line: " + lines);
        }
        return lines.get(0);
    }

    @Override
    public void close() {
        logger.removeAppender(appender);
        logger.setLevel(level);
    }
}

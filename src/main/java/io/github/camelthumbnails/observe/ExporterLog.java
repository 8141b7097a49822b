// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Moves what OpenTelemetry logs, such as that the collector is away, from {@code java.util.logging} to the application's log: one
 * line, without stack trace, and at most one a minute.
 */
final class ExporterLog extends Handler {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ExporterLog.class);

    private static final long INTERVAL_NANOS = 60_000_000_000L;

    /** Kept here because {@code java.util.logging} holds loggers by weak references only. */
    private static final Logger SOURCE = Logger.getLogger("io.opentelemetry");

    private final SimpleFormatter formatter = new SimpleFormatter();
    private final AtomicLong next;

    private ExporterLog() {
        next = new AtomicLong(System.nanoTime());
        setLevel(Level.WARNING);
    }

    /** Replaces the handlers of OpenTelemetry's loggers. */
    static void install() {
        SOURCE.setUseParentHandlers(false);
        for (Handler handler : SOURCE.getHandlers()) {
            SOURCE.removeHandler(handler);
        }
        SOURCE.addHandler(new ExporterLog());
    }

    @Override
    public void publish(LogRecord event) {
        long now = System.nanoTime();
        long due = next.get();
        if (isLoggable(event) && now - due >= 0 && next.compareAndSet(due, now + INTERVAL_NANOS)) {
            Throwable cause = event.getThrown();
            while (cause instanceof CompletionException || cause instanceof UncheckedIOException) {
                cause = cause.getCause();
            }
            LOG.warn(
                    "Traces may be incomplete: {}{}",
                    formatter.formatMessage(event),
                    cause == null ? "" : " (" + cause + ")");
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}

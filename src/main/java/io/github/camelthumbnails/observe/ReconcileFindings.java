// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.operate.reconcile.LastFindings;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the findings of the last complete reconcile every minute in the background, so that a scrape of the metrics never waits for
 * DynamoDB. The process of the reconcile cannot export them, because it ends before it is scraped.
 */
final class ReconcileFindings {

    private static final int INTERVAL_SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileFindings.class);

    private final Supplier<LastFindings> source;
    private volatile LastFindings findings = LastFindings.NONE;

    /** Whether the last read has failed. Only the thread that polls uses it. */
    private boolean isUnknown;

    /** Creates an object that does not poll before it is started. */
    ReconcileFindings(Supplier<LastFindings> source) {
        this.source = source;
    }

    /** Starts to poll, until the executor is shut down. */
    void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::ask, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Reads the findings once. If that fails, keeps the last ones, whose time tells how old they are. */
    void ask() {
        try {
            findings = source.get();
            isUnknown = false;
        } catch (RuntimeException e) { // it would end the schedule
            if (!isUnknown) { // not each minute
                LOG.warn("The findings of the last reconcile cannot be read: {}", e.toString());
            }
            isUnknown = true;
        }
    }

    /** Returns a number of originals, or NaN if there was no complete run. */
    double count(String counter) {
        Long count = findings.counts().get(counter);
        return count == null ? Double.NaN : count;
    }

    /** Returns when the last complete run ended, in seconds since 1970, or 0 if there was none. */
    double endedAtSeconds() {
        LastFindings last = findings;
        return last.endedAt() == null ? 0 : last.endedAt().toEpochMilli() / 1000.0;
    }
}

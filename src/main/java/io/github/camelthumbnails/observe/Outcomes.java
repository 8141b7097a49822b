// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.observe.Meters.EventOutcome;
import io.github.camelthumbnails.rendition.Rendition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs and counts the outcomes of events: one line of the logger {@code outcomes} and one count for each record of a message. A
 * record that stays on the queue is only counted, once for each delivery, because the causes of outages are logged once a minute.
 */
public final class Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger("outcomes");

    private final Meters meters;

    /** @param meters receives the counts */
    public Outcomes(Meters meters) {
        this.meters = meters;
    }

    /**
     * Logs and counts the outcome of a record, and never fails. Its exchange has the property {@code failure} if there can be no
     * thumbnail, the variable {@code renditions} if they were stored, and else {@code ignored} if there was nothing to do.
     */
    public void logAndCount(Exchange exchange) {
        Observers.run(() -> observe(exchange));
    }

    private void observe(Exchange exchange) {
        ImageEvent event = exchange.getProperty("event", ImageEvent.class);
        Exception failure = exchange.getProperty("failure", Exception.class);
        String ignored = exchange.getProperty("ignored", String.class);
        List<?> renditions = exchange.getVariable("renditions", List.class);
        if (failure != null) {
            observeFailure(exchange, event, failure);
        } else if (renditions != null) {
            observeCreation(
                    exchange,
                    event,
                    renditions.stream().map(Rendition.class::cast).toList());
        } else if (ignored != null) {
            Level level = event.subscription() ? Level.WARN : Level.INFO;
            line(level, EventOutcome.IGNORED, exchange, event).log("Ignored " + ignored);
        } else {
            line(Level.INFO, EventOutcome.REMOVED, exchange, event).log("Removed the thumbnail of " + key(event));
        }
    }

    private void observeFailure(Exchange exchange, ImageEvent event, Exception failure) {
        String reason = Failure.reason(failure);
        if (exchange.getProperty("reports", true, Boolean.class)) {
            meters.failure(Failure.classify(failure));
            line(Level.WARN, EventOutcome.FAILED, exchange, event)
                    .add("reason", reason)
                    .log("No thumbnail of " + key(event) + ": " + reason + ": " + Failure.error(failure));
        } else {
            line(Level.INFO, EventOutcome.IGNORED, exchange, event)
                    .add("reason", reason)
                    .log("Ignored " + event.summary() + ": another event has reported that there is no thumbnail");
        }
    }

    private void observeCreation(Exchange exchange, ImageEvent event, List<Rendition> renditions) {
        renditions.forEach(rendition ->
                meters.thumbnail(rendition.thumbnail().format().name().toLowerCase(Locale.ROOT)));
        Duration delay = null;
        if (event.time() != null) {
            delay = Duration.between(event.time(), Instant.now());
            delay = delay.isNegative() ? Duration.ZERO : delay; // the clocks differ
            meters.queueDelay(delay);
        }
        line(Level.INFO, EventOutcome.CREATED, exchange, event)
                .add(
                        "bytes",
                        renditions.stream().mapToLong(one -> one.bytes().length).sum())
                .add("delayMs", delay == null ? null : delay.toMillis())
                .log("Thumbnail of " + key(event) + ": " + renditions);
    }

    /** Logs and counts a message, or a record of one, that is no event and is left to the dead-letter queue. */
    public void logAndCountMalformed(Exchange exchange) {
        Observers.run(() -> observeMalformed(exchange));
    }

    private void observeMalformed(Exchange exchange) {
        meters.event(ImageEvent.Kind.MALFORMED, EventOutcome.POSTPONED);
        String messageId = exchange.getMessage().getHeader(Sqs2Constants.MESSAGE_ID, String.class);
        Exception exception = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        new LogLine(LOG, Level.WARN)
                .add("outcome", "postponed")
                .add("result", "failure")
                .add("messageId", messageId)
                .add("exchangeId", exchange.getExchangeId())
                .add("traceId", Traces.traceId(exchange))
                .log("Message " + messageId + " is left on the events queue. " + exception.getMessage());
    }

    /** Counts a delivery of a record that stays on the queue. */
    public void countPostponed(Exchange exchange) {
        ImageEvent event = exchange.getProperty("event", ImageEvent.class);
        if (event != null) {
            Observers.run(() -> meters.event(event.kind(), EventOutcome.POSTPONED));
        }
    }

    /** Counts an event and starts its line. */
    private LogLine line(Level level, EventOutcome outcome, Exchange exchange, ImageEvent event) {
        meters.event(event.kind(), outcome);
        Long startedAt = exchange.getProperty("startedAt", Long.class);
        return new LogLine(LOG, level)
                .add("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .add("result", outcome == EventOutcome.FAILED ? "failure" : "success")
                .add("key", event.key())
                .add("bucket", event.bucket())
                .addETag(Failure.eTag(exchange.getVariable("sourceETag", String.class), event))
                .add("messageId", exchange.getProperty("messageId", String.class))
                .add("exchangeId", exchange.getExchangeId())
                .add("traceId", Traces.traceId(exchange))
                .add("ms", startedAt == null ? null : (System.nanoTime() - startedAt) / 1_000_000);
    }

    private static String key(ImageEvent event) {
        return LogLine.cut(event.key(), LogLine.MAX_FIELD_LENGTH);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.failure.OutageLog;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PollingConsumerPollStrategy;

/**
 * Follows the polls of the events queue: remembers whether the last one failed, for the readiness check, and logs failures
 * once a minute. Camel's own log would have two stack traces for each failed poll.
 */
public final class EventsPolling implements PollingConsumerPollStrategy, ExceptionHandler {

    private static final String SERVICE = "aws2-sqs";

    private final OutageLog outages;

    /** Why the last poll failed, or null if it succeeded. */
    private volatile String problem = "The events queue has not answered since the start";

    private volatile String cause;

    /** Creates a strategy that logs to {@code outages}. */
    public EventsPolling(OutageLog outages) {
        this.outages = outages;
    }

    /** Describes why the last poll failed, if it did or if there was none yet. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return true;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        problem = null;
        String past = cause;
        if (past != null) {
            cause = null;
            outages.over(past, "The events queue answers again");
        }
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception exception) {
        if (endpoint.getCamelContext().isRunAllowed()) {
            problem = "The events queue does not answer: " + Failure.error(exception);
            cause = OutageLog.cause(SERVICE, exception);
            outages.warn(cause, problem);
        }
        return false; // the next poll is Camel's, after a pause
    }

    @Override
    public void handleException(Throwable exception) {
        handleException(null, null, exception);
    }

    @Override
    public void handleException(String message, Throwable exception) {
        handleException(message, null, exception);
    }

    /**
     * Logs that a message could not be deleted. A failed poll was logged by {@link #rollback}, and a failed exchange by the
     * error handling of its route.
     */
    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        if (exchange != null && !exchange.isFailed() && exception instanceof Exception e) {
            outages.warn(
                    OutageLog.cause(SERVICE, e),
                    "An event was processed but could not be deleted, so it is received again: " + Failure.error(e));
        }
    }
}

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
 * Tracks whether the events queue can be polled: keeps the error of the last poll for the readiness check, and logs failed polls
 * once a minute. Camel itself would log two stack traces for each of them.
 */
public final class EventsPolling implements PollingConsumerPollStrategy, ExceptionHandler {

    private static final String SERVICE = "aws2-sqs";

    private final OutageLog outages;

    /** Error of the last poll, or null if it succeeded. */
    private volatile String problem = "The events queue has not been polled since the start";

    private volatile String cause;

    /** Creates a poll strategy that logs to {@code outages}. */
    public EventsPolling(OutageLog outages) {
        this.outages = outages;
    }

    /** Returns the error of the last poll, or that there was no poll yet; empty if the last poll succeeded. */
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
            outages.logRecovery(past, "The events queue can be polled again");
        }
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception exception) {
        if (endpoint.getCamelContext().isRunAllowed()) {
            problem = "The events queue cannot be polled: " + Failure.error(exception);
            cause = OutageLog.cause(SERVICE, exception);
            outages.warn(cause, problem);
        }
        return false; // do not poll again immediately: Camel polls after a pause
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
     * Logs that a message could not be deleted after it was processed. Failed polls are logged by {@link #rollback}, and failed
     * exchanges by the error handling of their route.
     */
    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        if (exchange != null && !exchange.isFailed() && exception instanceof Exception e) {
            outages.warn(
                    OutageLog.cause(SERVICE, e),
                    "An event was processed but could not be deleted from the queue, so SQS will deliver it again: "
                            + Failure.error(e));
        }
    }
}

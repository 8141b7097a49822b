// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.throttling.ThrottlingExceptionRoutePolicy;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Pauses the events consumer after several consecutive events have failed because of AWS, like a circuit breaker. Without a pause,
 * events would reach their maximum receive count during an outage. After the pause a few events are received as a probe.
 */
public final class OutagePause extends ThrottlingExceptionRoutePolicy {

    private ScheduledExecutorService timer;

    /**
     * Creates a policy for the route that consumes events.
     *
     * @param failures number of consecutive failures that start a pause
     * @param pause time until the next probe
     */
    public OutagePause(int failures, Duration pause) {
        // A probe succeeds if no failure is within the window, which therefore must be shorter than the pause.
        super(failures, pause.toMillis() / 2, pause.toMillis(), List.of(SdkException.class, IOException.class));
    }

    /** Counts failures. Unlike the base class, resets the counter at each success. */
    @Override
    public synchronized void onExchangeDone(Route route, Exchange exchange) {
        if (exchange.getException() == null
                && getFailures() > 0
                && getStateAsString().equals("closed")) {
            closeCircuit(route);
        }
        super.onExchangeDone(route, exchange);
    }

    @Override
    protected synchronized void openCircuit(Route route) {
        if (!getStateAsString().equals("opened")) { // unless another consumer has already started the pause
            super.openCircuit(route);
        }
    }

    /**
     * Schedules the end of a pause. The timers of the base class can cancel each other: an exchange that ends late starts the
     * probe, fails, and starts another pause before the first timer has fired. Then nothing would ever end the pause.
     */
    @Override
    protected synchronized void addHalfOpenTimer(Route route) {
        if (timer == null) {
            timer = route.getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "events-pause");
        }
        timer.schedule(() -> endPause(route), getHalfOpenAfter(), TimeUnit.MILLISECONDS);
    }

    private synchronized void endPause(Route route) {
        if (getStateAsString().equals("opened")) {
            halfOpenCircuit(route);
        }
    }

    @Override
    protected void halfOpenCircuit(Route route) {
        if (!route.getCamelContext().isStopping()) {
            super.halfOpenCircuit(route);
        }
    }

    @Override
    protected void closeCircuit(Route route) {
        if (!route.getCamelContext().isStopping()) { // otherwise the shutdown has suspended the consumer
            super.closeCircuit(route);
        }
    }
}

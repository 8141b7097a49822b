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
 * Stops receiving events for a while after several of them in a row have failed because of AWS, so that an outage does not use up
 * their receives. After the pause a few events are received as a probe.
 */
public final class OutagePause extends ThrottlingExceptionRoutePolicy {

    private ScheduledExecutorService timer;

    /**
     * @param failures how many events in a row have to fail
     * @param pause before the next probe
     */
    public OutagePause(int failures, Duration pause) {
        // A probe has succeeded if there was no failure within the window, which therefore has to be shorter than the
        // pause.
        super(failures, pause.toMillis() / 2, pause.toMillis(), List.of(SdkException.class, IOException.class));
    }

    /** Counts failures and, unlike the base class, resets the counter at each success. */
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
        if (!getStateAsString().equals("opened")) { // or another consumer has begun the pause
            super.openCircuit(route);
        }
    }

    /**
     * Sets the end of a pause. The timers of the base class can cancel each other, and then nothing would ever end the pause: an
     * exchange that ends late begins the probe, fails, and begins another pause before the first timer has run.
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
        if (!route.getCamelContext().isStopping()) { // the shutdown has suspended the consumer
            super.closeCircuit(route);
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.throttling.ThrottlingExceptionRoutePolicy;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Stops receiving events for a while after several of them in a row have failed because of AWS, so that an outage does not use up
 * their receives. After the pause a few events are received as a probe.
 */
public final class OutagePause extends ThrottlingExceptionRoutePolicy {

    /**
     * @param failures how many events in a row have to fail
     * @param pause before the next probe
     */
    public OutagePause(int failures, Duration pause) {
        // A probe has succeeded if there was no failure within the window, which therefore has to be shorter than the
        // pause.
        super(failures, pause.toMillis() / 2, pause.toMillis(), List.of(SdkException.class, IOException.class));
    }

    /** Counts failures and, other than the base class, begins anew with each success. */
    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        if (exchange.getException() == null
                && getFailures() > 0
                && getStateAsString().equals("closed")) {
            closeCircuit(route);
        }
        super.onExchangeDone(route, exchange);
    }
}

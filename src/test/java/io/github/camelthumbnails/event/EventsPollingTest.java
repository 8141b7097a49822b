// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.OutageLog;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class EventsPollingTest {

    private static final SdkClientException REFUSED = SdkClientException.create("connection refused");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> lines = new ArrayList<>();
    private final EventsPolling polling = new EventsPolling(new OutageLog(() -> 0, lines::add, lines::add));
    private Endpoint endpoint;

    @BeforeEach
    void start() {
        context.start();
        endpoint = context.getEndpoint("direct:events");
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void problemIsTheErrorOfTheLastPoll() {
        assertThat(polling.problem()).contains("The events queue has not been polled since the start");
        polling.commit(null, endpoint, 0);
        assertThat(polling.problem()).isEmpty();
        polling.rollback(null, endpoint, 0, REFUSED);
        assertThat(polling.problem()).contains("The events queue cannot be polled: connection refused");
        polling.commit(null, endpoint, 1);
        assertThat(polling.problem()).isEmpty();
    }

    @Test
    void outageAndItsEndAreLoggedOnce() {
        for (int i = 0; i < 10; i++) {
            assertThat(polling.rollback(null, endpoint, 0, REFUSED))
                    .as("retry immediately")
                    .isFalse();
            polling.handleException("Failed polling endpoint", REFUSED);
        }
        polling.commit(null, endpoint, 0);
        polling.commit(null, endpoint, 0);

        assertThat(lines)
                .containsExactly(
                        "The events queue cannot be polled: connection refused",
                        "The events queue can be polled again");
    }

    @Test
    void pollInterruptedByTheShutdownIsNotAnOutage() {
        context.stop();
        polling.rollback(null, endpoint, 0, REFUSED);

        assertThat(lines).isEmpty();
    }

    @Test
    void failedExchangeIsNotLoggedAgain() {
        Exchange exchange = new DefaultExchange(context);
        exchange.setException(new NotAnS3EventException("not an event"));
        polling.handleException("Error during processing exchange", exchange, exchange.getException());

        assertThat(lines).isEmpty();
    }

    @Test
    void eventThatCannotBeDeletedIsLogged() {
        polling.handleException("Error occurred during deleting message", new DefaultExchange(context), REFUSED);

        assertThat(lines)
                .containsExactly(
                        "An event was processed but could not be deleted from the queue, so SQS will deliver it again:"
                                + " connection refused");
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class OutagePauseTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final OutagePause pause = new OutagePause(3, Duration.ofMillis(20));
    private volatile boolean away = true;

    @BeforeEach
    void start() throws Exception {
        // Not an anonymous class: Camel Main would try to instantiate it when it scans this package.
        RouteBuilder.addRoutes(
                context,
                routes -> routes.from("direct:events")
                        .errorHandler(routes.noErrorHandler())
                        .routePolicy(pause)
                        .process(exchange -> {
                            if (away) {
                                throw SdkClientException.create("connection refused");
                            }
                        }));
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void consecutiveFailuresStartAPauseAndASuccessResetsTheCounter() {
        send();
        send();
        away = false;
        send();
        away = true;
        send();
        send();
        assertThat(pause.getStateAsString()).isEqualTo("closed");
        send();
        assertThat(pause.getStateAsString()).isEqualTo("opened");
    }

    /** With Camel's own timers, which cancel each other, the pause would never end. */
    @Test
    void pauseEndsEvenIfSeveralConsumersStartIt() {
        for (int i = 0; i < 50; i++) {
            IntStream.range(0, 8).parallel().forEach(consumer -> send());
            Awaitility.await().until(() -> !pause.getStateAsString().equals("opened"));
        }
        away = false;
        Awaitility.await().until(() -> {
            send();
            return pause.getStateAsString().equals("closed");
        });
    }

    private void send() {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.send("direct:events", exchange -> {
                // The route decides whether the exchange fails.
            });
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

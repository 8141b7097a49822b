// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.telemetry.Op;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the tracer without routes. TracesIT tests it with them. */
class RouteTracerTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private RouteTracer start(String sampler) {
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> Map.of(
                        "otel.traces.exporter", "none",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none",
                        "otel.traces.sampler", sampler))
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        context.getRegistry().bind("tracer", Tracer.class, sdk.getTracer("test"));
        context.getRegistry().bind("contextPropagators", ContextPropagators.class, sdk.getPropagators());
        RouteTracer tracer = RouteTracer.of(sdk, scheme -> "host");
        tracer.init(context);
        context.start();
        return tracer;
    }

    private static Exchange begin(RouteTracer tracer, Endpoint endpoint) throws Exception {
        Exchange exchange = endpoint.createExchange();
        tracer.beginEventSpan(exchange, endpoint, Op.EVENT_RECEIVED);
        return exchange;
    }

    @Test
    void spanEndsIfItCannotBeDescribed() throws Exception {
        RouteTracer tracer = start("always_on");
        Endpoint endpoint = context.getEndpoint("mock:start");
        Exchange exchange = begin(tracer, endpoint);
        assertThat(Span.current().getSpanContext().isValid()).isTrue();

        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, "not a number");
        tracer.endEventSpan(exchange, endpoint);

        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void onlySampledTraceHasAnId() throws Exception {
        RouteTracer tracer = start("always_on");

        Exchange exchange = begin(tracer, context.getEndpoint("mock:start"));

        assertThat(Traces.traceId(exchange)).hasSize(32);
        tracer.endEventSpan(exchange, exchange.getFromEndpoint());
    }

    @Test
    void unsampledTraceHasNoId() throws Exception {
        RouteTracer tracer = start("always_off");

        Exchange exchange = begin(tracer, context.getEndpoint("mock:start"));

        assertThat(Traces.traceId(exchange)).isNull();
        tracer.endEventSpan(exchange, exchange.getFromEndpoint());
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * Switches traces on if {@code traces.enabled} is true. Otherwise no class of the OpenTelemetry SDK is loaded.
 *
 * <p>The variables {@code OTEL_*} and the system properties {@code otel.*} override the defaults here.
 */
public final class Tracing implements CamelConfiguration {

    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "camel-thumbnails",
            "otel.traces.exporter", "otlp",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            // Otherwise every caller could choose trace ids and which traces are sampled.
            "otel.propagators", "none");

    /**
     * Creates the tracer before any route is created.
     *
     * @throws IllegalArgumentException if the setting is neither true nor false
     */
    @Override
    public void configure(CamelContext context) {
        String enabled = context.resolvePropertyPlaceholders("{{traces.enabled}}");
        switch (enabled) {
            case "true" -> start(context);
            case "false" -> {}
            default -> throw new IllegalArgumentException("traces.enabled is " + enabled + ": set it to true or false");
        }
    }

    private static void start(CamelContext context) {
        ExporterLog.install();
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> DEFAULTS)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        context.getRegistry().bind("tracer", Tracer.class, sdk.getTracer("camel-thumbnails"));
        context.getRegistry()
                .bind(
                        "contextPropagators",
                        ContextPropagators.class,
                        ContextPropagators.create(
                                new ExtractOnly(sdk.getPropagators().getTextMapPropagator())));
        RouteTracer.of(sdk, hosts(context)).init(context);
    }

    /** Returns a function from the scheme of a component, such as {@code aws2-s3}, to the host of its service. */
    private static UnaryOperator<String> hosts(CamelContext context) {
        String endpoint = context.resolvePropertyPlaceholders("{{aws.endpoint}}");
        if (!endpoint.isBlank()) {
            String host = URI.create(endpoint).getHost();
            return scheme -> host;
        }
        Region region = Region.of(context.resolvePropertyPlaceholders("{{aws.region}}"));
        String suffix = "." + region.id() + "." + PartitionMetadata.of(region).dnsSuffix();
        return scheme -> (scheme.equals("aws2-ddb") ? "dynamodb" : scheme.substring("aws2-".length())) + suffix;
    }

    /**
     * Reads the traces of callers but passes none on. Otherwise responses would contain them, and failure messages would have an
     * eleventh attribute, which SQS rejects.
     */
    private record ExtractOnly(TextMapPropagator propagator) implements TextMapPropagator {

        @Override
        public Collection<String> fields() {
            return List.of();
        }

        @Override
        public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {}

        @Override
        public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
            return propagator.extract(context, carrier, getter);
        }
    }
}

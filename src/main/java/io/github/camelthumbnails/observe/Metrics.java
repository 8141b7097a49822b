// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.operate.reconcile.ReconcileState;
import io.github.camelthumbnails.rendition.RenditionFactory;
import io.github.camelthumbnails.upload.UploadBody;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.LifecycleStrategySupport;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Creates all series of the process's roles when it starts, in Camel's registry of metrics. Leaves out what Camel measures of
 * {@code direct:} endpoints and of the routes behind them: these are parts of other routes, and their failures are no failures of an
 * event.
 */
public final class Metrics implements CamelConfiguration {

    private static final String EVENTS_ROUTE = "receive-image-events";

    @Override
    public void configure(CamelContext context) throws Exception {
        MeterRegistry registry = bean(context, "metricsRegistry", MeterRegistry.class);
        if (registry != null) { // metrics are on
            registry.config().meterFilter(MeterFilter.deny(meter -> isInternal(context, meter)));
            bindProcess(context, registry);
            context.addStartupListener((started, already) -> createSeries(started, registry));
        }
    }

    /** Adds the metrics of the JVM and the process. Camel's own option would do so before the filter is set, and takes longer. */
    private static void bindProcess(CamelContext context, MeterRegistry registry) {
        JvmGcMetrics garbage = new JvmGcMetrics();
        List.of(
                        new JvmMemoryMetrics(),
                        garbage,
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        new FileDescriptorMetrics())
                .forEach(metrics -> metrics.bindTo(registry));
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                garbage.close();
            }
        });
    }

    private static boolean isInternal(CamelContext context, Meter.Id meter) {
        if (!meter.getName().startsWith("camel.")) {
            return false;
        }
        String endpoint = meter.getTag("endpointName");
        if (endpoint != null) {
            return isDirect(endpoint);
        }
        String id = meter.getTag("routeId");
        Route route = id == null ? null : context.getRoute(id);
        return route != null && isDirect(route.getEndpoint().getEndpointUri());
    }

    private static boolean isDirect(String uri) {
        return uri.startsWith("direct:");
    }

    private static void createSeries(CamelContext context, MeterRegistry registry) {
        // Camel creates a gauge of each route before the route can be found.
        registry.getMeters().stream()
                .filter(meter -> isInternal(context, meter.getId()))
                .forEach(registry::remove);
        String roles = context.resolvePropertyPlaceholders("{{app.roles}}");
        Meters meters = bean(context, "meters", Meters.class);
        Gauges gauges = new Gauges(registry);
        if (roles.contains("upload")) {
            meters.registerUploads();
            gauges.uploads(bean(context, "uploadBody", UploadBody.class));
        }
        if (roles.contains("thumbnail")) {
            meters.registerEvents();
            createWorkerGauges(context, gauges);
        }
        if (roles.contains("operate") && isScraped(context)) {
            ReconcileFindings findings = new ReconcileFindings(
                    () -> bean(context, "reconcileState", ReconcileState.class).findings());
            gauges.reconcile(findings);
            findings.start(
                    context.getExecutorServiceManager().newSingleThreadScheduledExecutor(findings, "read-findings"));
        }
    }

    private static void createWorkerGauges(CamelContext context, Gauges gauges) {
        RenditionFactory renditions = bean(context, "renditions", RenditionFactory.class);
        gauges.memory(renditions.memory());
        gauges.libraries(renditions.libraries());
        gauges.hanging(bean(context, "hangingDecodes", HangingDecodes.class));
        gauges.consumers(
                Integer.parseInt(context.resolvePropertyPlaceholders("{{events.consumers}}")),
                () -> context.getInflightRepository().size(EVENTS_ROUTE));
        EventsWaiting waiting = new EventsWaiting(
                bean(context, "sqsClient", SqsClient.class),
                context.resolvePropertyPlaceholders("{{events.queue.url:{{events.queue.name}}}}"));
        gauges.waiting(waiting);
        waiting.start(
                context.getExecutorServiceManager().newSingleThreadScheduledExecutor(waiting, "count-waiting-events"));
    }

    /** Returns whether the metrics can be scraped. The process of a command has no HTTP server. */
    private static boolean isScraped(CamelContext context) {
        return context.resolvePropertyPlaceholders("{{camel.management.enabled:false}}")
                .equals("true");
    }

    private static <T> T bean(CamelContext context, String name, Class<T> type) {
        return context.getRegistry().lookupByNameAndType(name, type);
    }
}

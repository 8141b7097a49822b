// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.FailureSummary;
import io.github.camelthumbnails.operate.Failures;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operations;
import io.github.camelthumbnails.operate.QueueAges;
import io.github.camelthumbnails.operate.QueueDepths;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.reconcile.Price;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** Runs Camel with the routes of operators only: without HTTP servers, metrics and traces, and without receiving events. */
final class CamelApplication implements Application {

    /** Settings of all commands, whatever the configuration says. */
    private static final Map<String, String> SETTINGS = Map.of(
            "app.roles", "operate",
            "camel.server.enabled", "false",
            "camel.management.enabled", "false",
            "camel.metrics.enabled", "false",
            "traces.enabled", "false");

    private final Main main;

    private CamelApplication(Main main) {
        this.main = main;
    }

    /** Starts Camel. */
    static CamelApplication start(Main main) {
        // Environment variables, such as those of a pod, have precedence over the override properties of Main. So the
        // settings are system properties, which have precedence where Main configures its servers, and a parser
        // applies them where placeholders are resolved.
        SETTINGS.forEach(System::setProperty);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                PropertiesComponent properties =
                        (PropertiesComponent) starting.getCamelContext().getPropertiesComponent();
                properties.setPropertiesParser(new DefaultPropertiesParser(properties) {
                    @Override
                    public String parseProperty(String key, String value, PropertiesLookup lookup) {
                        return SETTINGS.getOrDefault(key, value);
                    }
                });
            }
        });
        main.setShutdownStrategy(new SimpleMainShutdownStrategy()); // StopSignal handles signals
        try {
            main.start();
        } catch (RuntimeException e) {
            main.stop();
            throw e;
        }
        return new CamelApplication(main);
    }

    @Override
    public List<QueueDepths.State> queues() {
        return bean("queueDepths", QueueDepths.class).list();
    }

    @Override
    public Map<String, QueueAges.Age> ages(List<QueueDepths.State> queues) {
        return bean("queueAges", QueueAges.class).of(queues);
    }

    @Override
    public FailureSummary summarize(FailureFilter filter, int newest) {
        return bean("failures", Failures.class).summarize(filter, newest);
    }

    @Override
    public String price(ReconcileOptions options) {
        return bean("reconcilePrice", Price.class).describe(options);
    }

    @Override
    public Operation create(Operations.Kind kind, boolean dryRun) {
        return bean("operations", Operations.class).create(kind, dryRun);
    }

    @Override
    public void run(Operations.Kind kind, Object options, Operation operation) {
        bean("operations", Operations.class).run(kind, options, operation);
    }

    private <T> T bean(String name, Class<T> type) {
        return main.getCamelContext().getRegistry().lookupByNameAndType(name, type);
    }

    @Override
    public void close() {
        main.stop();
    }
}

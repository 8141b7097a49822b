// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.ReconcileOptions;
import java.time.Instant;
import org.apache.camel.CamelContext;

/** Options of a reconcile, which a test changes one by one, and the run of the route with them. */
final class ReconcileCommand {

    private final CamelContext camel;
    private String prefix = "";
    private Instant changedAfter;
    private Instant changedBefore;
    private boolean deep;
    private boolean deleteOrphans;
    private String inventory;
    private boolean dryRun;
    private long max = 1000;
    private int eventsPerSecond = 1000;
    private int maxWaiting = 1000;
    private boolean restart;

    /** @param camel an application with the role operate */
    ReconcileCommand(CamelContext camel) {
        this.camel = camel;
    }

    ReconcileCommand prefix(String start) {
        prefix = start;
        return this;
    }

    ReconcileCommand changedAfter(Instant time) {
        changedAfter = time;
        return this;
    }

    ReconcileCommand changedBefore(Instant time) {
        changedBefore = time;
        return this;
    }

    ReconcileCommand deep() {
        deep = true;
        return this;
    }

    ReconcileCommand deleteOrphans() {
        deleteOrphans = true;
        return this;
    }

    ReconcileCommand inventory(String manifest) {
        inventory = manifest;
        return this;
    }

    ReconcileCommand dryRun() {
        dryRun = true;
        return this;
    }

    ReconcileCommand max(long events) {
        max = events;
        return this;
    }

    ReconcileCommand eventsPerSecond(int rate) {
        eventsPerSecond = rate;
        return this;
    }

    ReconcileCommand maxWaiting(int messages) {
        maxWaiting = messages;
        return this;
    }

    ReconcileCommand restart() {
        restart = true;
        return this;
    }

    /** Creates an operation that has not started. */
    Operation operation() {
        return new Operation("reconcile", dryRun, Kind.RECONCILE.counters());
    }

    /** Runs the route until it ends. */
    Operation run() {
        Operation operation = operation();
        run(operation);
        return operation;
    }

    /** Runs the route until it ends. */
    void run(Operation operation) {
        camel.createFluentProducerTemplate()
                .to("direct:reconcile-originals")
                .withBody(new ReconcileOptions(
                        prefix,
                        changedAfter,
                        changedBefore,
                        deep,
                        deleteOrphans,
                        inventory,
                        dryRun,
                        max,
                        eventsPerSecond,
                        maxWaiting,
                        restart))
                .withExchangeProperty("operation", operation)
                .request();
        operation.end(Operation.State.DONE, "");
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.event.ImageEvents;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operation.State;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Runs the route with a list of pages and with tables and a queue in memory. */
abstract class ReconcileRuns {

    /** The clock of S3 may be as much behind that of this machine. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(15);

    final DefaultCamelContext context = new DefaultCamelContext();
    final MemoryTables tables = new MemoryTables();
    final MemoryQueue queue = new MemoryQueue();
    final ReconcileState state = new ReconcileState(tables, "failures");
    final List<List<Compared>> pages = new ArrayList<>();
    final List<WalkScope> scopes = new ArrayList<>();
    int failingPage = Integer.MAX_VALUE;
    int closed;
    int listed;
    ReconcileOptions options =
            new ReconcileOptions("", null, null, false, false, null, false, 100, 10_000, 1000, false);

    /** Pages whose position is their number. They can start after a key as well, like those of a listing. */
    private final class Pages implements ComparedPages {

        private final String startAfter;
        private int next;

        Pages(String position) {
            boolean isKey = position.matches("\\D.*");
            startAfter = isKey ? position : "";
            next = position.isEmpty() || isKey ? 0 : Integer.parseInt(position);
        }

        @Override
        public boolean hasNext() {
            return next < pages.size();
        }

        @Override
        public ComparedPage next() {
            if (next == failingPage) {
                throw new IllegalStateException("S3 is away");
            }
            listed++;
            List<Compared> keys = pages.get(next++).stream()
                    .filter(key -> key.key().compareTo(startAfter) > 0)
                    .toList();
            return new ComparedPage(keys, Integer.toString(next), 2);
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @BeforeEach
    void start() throws Exception {
        Reconcile reconcile = new Reconcile(
                (scope, inventory) -> {
                    scopes.add(scope);
                    return new Pages(scope.startAfter());
                },
                state,
                new Candidates(tables, "thumbnails", "failures", "hash", pause -> {}),
                new EventSender(queue, "image-events", "originals", pause -> {}),
                new Price(1, 1),
                "hash",
                "originals/thumbnails");
        context.getRegistry().bind("reconcile", reconcile);
        context.getPropertiesComponent().addOverrideProperty("app.roles", "operate");
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(
                        ResourceHelper.resolveMandatoryResource(context, "file:routes/reconcile-originals.camel.yaml"));
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    Operation run() {
        Operation operation = new Operation("reconcile", options.dryRun(), Kind.RECONCILE.counters());
        run(operation);
        return operation;
    }

    void run(Operation operation) {
        context.createFluentProducerTemplate()
                .to("direct:reconcile-originals")
                .withBody(options)
                .withExchangeProperty("operation", operation)
                .request();
        operation.end(State.DONE, "");
    }

    void page(Compared... keys) {
        pages.add(List.of(keys));
    }

    static Compared key(String key, Look look) {
        return new Compared(key, look == Look.ORPHAN ? null : "e-" + key, Instant.EPOCH, look);
    }

    static Compared[] missing(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> key("m%02d".formatted(i), Look.MISSING))
                .toArray(Compared[]::new);
    }

    List<String> sent() {
        return queue.messages.stream()
                .map(message -> {
                    try {
                        return ImageEvents.read(message.messageBody()).get(0).key();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    void with(boolean deleteOrphans, boolean dryRun, long max, int maxWaiting, boolean restart) {
        options = new ReconcileOptions(
                "", null, null, false, deleteOrphans, null, dryRun, max, 10_000, maxWaiting, restart);
    }

    void pageOfAllKinds() {
        page(
                key("a", Look.COMPLETE),
                key("b", Look.MISSING),
                key("c", Look.DOUBTFUL),
                key("d", Look.DOUBTFUL),
                key("e", Look.ORPHAN),
                key("f", Look.MISSING),
                key("g", Look.YOUNG));
        tables.put("thumbnails", "c", "sourceETag", "older");
        tables.put("thumbnails", "d", "sourceETag", "e-d", "renditionsHash", "hash");
        tables.put("failures", "f", "eTag", "e-f", "reason", "CorruptImage");
    }
}

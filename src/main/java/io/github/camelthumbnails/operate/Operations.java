// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.Operation.State;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts repairs, one of each kind at a time, and remembers the last one of each kind. When Camel stops, they are cancelled and end after
 * their current batch.
 */
public final class Operations {

    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    /** The kinds of repairs, with their routes and counters. */
    public enum Kind {
        /** Moves failed originals back to the events queue. Its options are {@link RedriveOptions}. */
        REDRIVE("direct:redrive-failures", "moved", "stayed", "unreadable"),
        /** Compares originals with their renditions. Its options are {@link ReconcileOptions}. */
        RECONCILE(
                "direct:reconcile-originals",
                "originals",
                "complete",
                "missing",
                "stale",
                "orphans",
                "unusable",
                "young",
                "sent",
                "listRequests",
                "tableReads");

        private final String route;
        private final List<String> counters;

        Kind(String route, String... counters) {
            this.route = route;
            this.counters = List.of(counters);
        }

        /** Returns the names of the counters, in the order in which they are shown. */
        public List<String> counters() {
            return counters;
        }

        /** Returns the name, as operators write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The result of a start.
     *
     * @param operation the run
     * @param isNew whether it has been started now; otherwise it was running already
     */
    public record Start(Operation operation, boolean isNew) {}

    private final CamelContext context;
    private final ProducerTemplate template;
    private final ExecutorService threads;

    /** The running or last run of each kind. Guarded by this object, like the field below. */
    private final Map<Kind, Operation> last = new EnumMap<>(Kind.class);

    private boolean stopping;

    /** @param context has the routes that do the work */
    public Operations(CamelContext context) {
        this.context = context;
        this.template = context.createProducerTemplate();
        this.threads = context.getExecutorServiceManager().newCachedThreadPool(this, "repair");
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopped) {
                stop();
            }
        });
    }

    /** Starts a redrive in a thread of its own, unless one is running. */
    public Start start(RedriveOptions options) {
        return start(Kind.REDRIVE, options, options.dryRun());
    }

    /** Starts a reconcile in a thread of its own, unless one is running. */
    public Start start(ReconcileOptions options) {
        return start(Kind.RECONCILE, options, options.dryRun());
    }

    private synchronized Start start(Kind kind, Object options, boolean dryRun) {
        Operation present = last.get(kind);
        if (present != null && present.state() == State.RUNNING) {
            return new Start(present, false);
        }
        if (stopping) {
            throw new RejectedExecutionException("The application stops");
        }
        Operation operation = create(kind, dryRun);
        threads.execute(() -> {
            Exception error = call(kind, options, operation);
            if (error != null && Failure.classify(error) == FailureReason.InternalError) {
                LOG.error("The {} {} has failed", kind.word(), operation.id(), error);
            } else if (error != null) {
                LOG.warn("The {} {} has failed: {}", kind.word(), operation.id(), operation.message());
            }
        });
        return new Start(operation, true);
    }

    /** Creates a run that {@link #run} starts. */
    public synchronized Operation create(Kind kind, boolean dryRun) {
        Operation operation = new Operation(kind.word(), dryRun, kind.counters);
        last.put(kind, operation);
        return operation;
    }

    /** Runs an operation that {@link #create} has returned, until it has ended. Never throws: the operation contains the result. */
    public void run(Kind kind, Object options, Operation operation) {
        call(kind, options, operation);
    }

    /** Calls the route of a run. Returns its error, or null. */
    private Exception call(Kind kind, Object options, Operation operation) {
        Exception error;
        try {
            Exchange exchange = template.request(kind.route, sent -> {
                sent.getMessage().setBody(options);
                sent.setProperty("operation", operation);
            });
            error = exchange.getException();
        } catch (RuntimeException e) { // there is no such route, or Camel stops
            error = e;
        }
        if (error != null) {
            operation.end(State.FAILED, AwsProblem.explain(error));
        } else {
            operation.end(operation.isCancelled() ? State.CANCELLED : State.DONE, "");
        }
        return error;
    }

    /** Returns the running run of a kind, or the last one that has ended, or empty if none was started. */
    public synchronized Optional<Operation> last(Kind kind) {
        return Optional.ofNullable(last.get(kind));
    }

    private void stop() {
        synchronized (this) {
            stopping = true;
            last.values().forEach(Operation::cancel);
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(context.getShutdownStrategy().getTimeout(), TimeUnit.SECONDS)) {
                LOG.warn("A repair did not end in time. Start it again to continue it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

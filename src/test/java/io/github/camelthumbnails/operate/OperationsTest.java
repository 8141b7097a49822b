// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.operate.Operation.State;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.Operations.Start;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that at most one repair of a kind runs, and that each ends with the right state. Small routes replace the real ones. */
class OperationsTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final CountDownLatch batchEnds = new CountDownLatch(1);
    private Operations operations;

    @BeforeEach
    void start() throws Exception {
        RouteBuilder.addRoutes(camel, routes -> {
            routes.errorHandler(routes.noErrorHandler());
            // Works until it is cancelled, and then ends its batch.
            routes.from("direct:redrive-failures").process(exchange -> {
                Operation operation = exchange.getProperty("operation", Operation.class);
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(5))
                        .until(operation::isCancelled);
                batchEnds.await(1, TimeUnit.MINUTES);
                operation.count("moved", 10);
            });
            routes.from("direct:reconcile-originals").process(exchange -> {
                ReconcileOptions options = exchange.getMessage().getBody(ReconcileOptions.class);
                if (options.deep()) {
                    throw new IOException("a lost connection");
                }
                if (options.max() == 1) {
                    exchange.getProperty("operation", Operation.class).end(State.LIMITED, "The limit is 1.");
                }
            });
        });
        camel.start();
        operations = new Operations(camel);
    }

    @AfterEach
    void stop() {
        batchEnds.countDown();
        camel.stop();
    }

    private static RedriveOptions redrive() {
        return new RedriveOptions(Source.FAILURES, Set.of(), "", null, false);
    }

    private static ReconcileOptions reconcile(boolean deep, long max) {
        return new ReconcileOptions("", null, Instant.now(), deep, false, null, max == 0, max, 50, 1000, false);
    }

    @Test
    void secondStartOfTheSameKindGetsTheRunningOne() {
        Start first = operations.start(redrive());
        Start second = operations.start(redrive());

        assertThat(first.isNew()).isTrue();
        assertThat(second.isNew()).isFalse();
        assertThat(second.operation()).isSameAs(first.operation());
        assertThat(operations.start(reconcile(false, 0)).isNew())
                .as("another kind")
                .isTrue();
    }

    @Test
    void cancelledRunEndsAfterItsBatchAndAnotherOneCanStart() {
        Operation operation = operations.start(redrive()).operation();
        operation.cancel();
        assertThat(operation.state()).isEqualTo(State.RUNNING);
        assertThat(operations.start(redrive()).isNew()).isFalse();

        batchEnds.countDown();
        Awaitility.await().untilAsserted(() -> assertThat(operation.state()).isEqualTo(State.CANCELLED));

        assertThat(operation.counts()).containsEntry("moved", 10L);
        assertThat(operations.last(Kind.REDRIVE)).containsSame(operation);
        assertThat(operations.start(redrive()).isNew()).isTrue();
    }

    @Test
    void runInTheThreadOfTheCallerEndsAsItsRouteDoes() {
        assertThat(run(reconcile(false, 0)).state()).isEqualTo(State.DONE);

        Operation limited = run(reconcile(false, 1));
        assertThat(limited.state()).isEqualTo(State.LIMITED);
        assertThat(limited.message()).isEqualTo("The limit is 1.");

        Operation failed = run(reconcile(true, 0));
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.message()).contains("a lost connection");
        assertThat(failed.endedAt()).isNotNull();
    }

    private Operation run(ReconcileOptions options) {
        Operation operation = operations.create(Kind.RECONCILE, options.dryRun());
        operations.run(Kind.RECONCILE, options, operation);
        return operation;
    }

    @Test
    void countersExistFromTheStartInTheirOrder() {
        assertThat(operations.create(Kind.REDRIVE, true).counts()).containsOnlyKeys("moved", "stayed", "unreadable");
        assertThat(operations.create(Kind.RECONCILE, true).counts().keySet())
                .containsExactly(
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
    }

    @Test
    void stopOfCamelCancelsTheRunAndWaitsForItsBatch() {
        Operation operation = operations.start(redrive()).operation();
        Thread batch = new Thread(() -> {
            Awaitility.await().until(operation::isCancelled);
            batchEnds.countDown();
        });
        batch.start();

        camel.stop();

        assertThat(operation.state()).isEqualTo(State.CANCELLED);
        assertThat(operation.counts()).containsEntry("moved", 10L);
        assertThatThrownBy(() -> operations.start(redrive())).isInstanceOf(RejectedExecutionException.class);
    }
}

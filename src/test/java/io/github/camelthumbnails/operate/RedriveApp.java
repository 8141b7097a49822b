// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.failure.FailureReason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/**
 * Retries all failures in a process of its own, which tests kill. It prints its progress. Messages that it has received return after a
 * few seconds, and not after ten minutes.
 */
public final class RedriveApp {

    /** The time after which the messages of a killed process return. */
    public static final Duration HIDDEN = Duration.ofSeconds(20);

    private RedriveApp() {}

    /** Runs until all failures are retried. */
    public static void main(String[] args) throws Exception {
        Main main = new Main(App.class);
        main.addOverrideProperty("app.roles", "operate");
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.enabled", "false");
        main.configure().addLambdaRouteBuilder(routes -> {
            CamelContext context = routes.getContext();
            Supplier<Object> redrive = () -> redrive(context);
            context.getRegistry().bind("redrive", Redrive.class, redrive); // suppliers take precedence
        });
        main.start();
        Operation operation = new Operation("redrive", false, List.of("moved", "stayed", "unreadable"));
        ScheduledExecutorService progress = Executors.newSingleThreadScheduledExecutor();
        progress.scheduleAtFixedRate(
                () -> System.out.println("moved " + operation.counts().get("moved") + ";"),
                0,
                20,
                TimeUnit.MILLISECONDS);
        Exchange exchange = main.getCamelTemplate().send("direct:redrive-failures", started -> {
            started.getMessage()
                    .setBody(new RedriveOptions(
                            RedriveOptions.Source.FAILURES, EnumSet.allOf(FailureReason.class), "", null, false));
            started.setProperty("operation", operation);
        });
        progress.shutdownNow();
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        System.out.println("ended " + operation.counts() + " " + operation.state() + " " + operation.message());
        main.stop();
        System.exit(0);
    }

    private static Redrive redrive(CamelContext context) {
        OperatorAws aws = context.getRegistry().lookupByNameAndType("operatorAws", OperatorAws.class);
        return new Redrive(
                aws.sqs(),
                new FailureNotes(aws.dynamoDb(), context.resolvePropertyPlaceholders("{{failures.table}}")),
                new Redrive.Places(
                        context.resolvePropertyPlaceholders("{{originals.bucket}}"),
                        context.resolvePropertyPlaceholders("{{events.queue.name}}"),
                        context.resolvePropertyPlaceholders("{{failures.queue.name}}"),
                        context.resolvePropertyPlaceholders("{{dead.queue.name}}")),
                new Redrive.Limits(4, HIDDEN, 100_000));
    }
}

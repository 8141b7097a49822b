// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.http.ApiKey;
import io.github.camelthumbnails.operate.Failures;
import io.github.camelthumbnails.operate.Operations;
import io.github.camelthumbnails.operate.OperatorAws;
import io.github.camelthumbnails.operate.QueueAges;
import io.github.camelthumbnails.operate.QueueDepths;
import io.github.camelthumbnails.operate.Redrive;
import io.github.camelthumbnails.operate.api.OperatorAnswers;
import io.github.camelthumbnails.operate.reconcile.Price;
import io.github.camelthumbnails.operate.reconcile.Reconcile;
import io.github.camelthumbnails.operate.reconcile.ReconcileState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.PropertyInject;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** Creates the beans of operators' routes and commands. All are lazy, because most processes need none of them. */
public final class OperateBeans implements CamelConfiguration {

    @Override
    public void configure(CamelContext context) {
        // Nothing to do: the annotations bind the beans.
    }

    /** Creates the bean that lists failures. */
    @BindToRegistry(value = "failures", lazy = true)
    public Failures failures(OperatorAws aws, @PropertyInject("failures.table") String table) {
        return new Failures(aws.dynamoDb(), table);
    }

    /** Creates the bean that moves failed originals back to the events queue. */
    @BindToRegistry(value = "redrive", lazy = true)
    public Redrive redrive(
            OperatorAws aws,
            CamelContext context,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("failures.table") String table) {
        return new Redrive(
                aws.sqs(),
                new FailureNotes(aws.dynamoDb(), table),
                new Redrive.Places(
                        originals, queue(context, "events"), queue(context, "failures"), queue(context, "dead")),
                Redrive.Limits.STANDARD);
    }

    /** Returns the URL of a queue, or its name if no URL is set. */
    private static String queue(CamelContext context, String queue) {
        String setting = queue + ".queue.";
        return context.resolvePropertyPlaceholders("{{" + setting + "url:{{" + setting + "name}}}}");
    }

    /** Creates the bean that returns the depth of the queues. */
    @BindToRegistry(value = "queueDepths", lazy = true)
    public QueueDepths queueDepths(CamelContext context, OperatorAws aws) {
        return new QueueDepths(aws.sqs(), queues(context), System::nanoTime);
    }

    /** Creates the bean that returns the age of the oldest message of the queues. */
    @BindToRegistry(value = "queueAges", lazy = true)
    public QueueAges queueAges(CamelContext context) {
        return new QueueAges(
                () -> context.getRegistry().lookupByNameAndType("cloudWatchClient", CloudWatchClient.class),
                queues(context),
                System::nanoTime);
    }

    private static Map<String, String> queues(CamelContext context) {
        Map<String, String> queues = new LinkedHashMap<>();
        for (String queue : List.of("events", "failures", "dead")) {
            queues.put(queue, queue(context, queue));
        }
        return queues;
    }

    /** Creates the bean that starts repairs. */
    @BindToRegistry(value = "operations", lazy = true)
    public Operations operations(CamelContext context) {
        return new Operations(context);
    }

    /**
     * Creates the processor that rejects operators' requests without a valid key of an operator. It is not a bean of the type ApiKey,
     * because other beans look up the one for uploaders by its type.
     */
    @BindToRegistry(value = "operatorKey", lazy = true)
    public Processor operatorKey(
            @PropertyInject("operate.keyRequired") String required, @PropertyInject("operate.keys") String keys) {
        // KeyChecks rejects values other than true and false.
        ApiKey key = new ApiKey(!required.equals("false"), Beans.apiKeys(keys));
        return key::process;
    }

    /** Creates the bean that answers operators' requests. */
    @BindToRegistry(value = "operatorAnswers", lazy = true)
    public OperatorAnswers operatorAnswers(
            Failures failures,
            QueueDepths queueDepths,
            QueueAges queueAges,
            Operations operations,
            Price reconcilePrice) {
        return new OperatorAnswers(failures, queueDepths, queueAges, operations, reconcilePrice);
    }

    /** Creates the bean that stores positions and findings of reconciles. */
    @BindToRegistry(value = "reconcileState", lazy = true)
    public ReconcileState reconcileState(OperatorAws aws, @PropertyInject("failures.table") String table) {
        return new ReconcileState(aws.dynamoDb(), table);
    }

    /** Creates the bean that estimates the price of a reconcile. */
    @BindToRegistry(value = "reconcilePrice", lazy = true)
    public Price reconcilePrice(CamelContext context) {
        return Price.of(RenditionSettings.of(context));
    }

    /** Creates the bean that compares originals with their renditions. */
    @BindToRegistry(value = "reconcile", lazy = true)
    public Reconcile reconcile(
            CamelContext context,
            OperatorAws aws,
            ReconcileState state,
            @PropertyInject("originals.bucket") String originals,
            @PropertyInject("thumbnails.bucket") String thumbnails,
            @PropertyInject("thumbnails.table") String thumbnailsTable,
            @PropertyInject("failures.table") String failuresTable) {
        return Reconcile.of(
                aws,
                state,
                RenditionSettings.of(context),
                originals,
                thumbnails,
                thumbnailsTable,
                failuresTable,
                queue(context, "events"));
    }
}

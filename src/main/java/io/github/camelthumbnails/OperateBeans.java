// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.operate.Failures;
import io.github.camelthumbnails.operate.OperatorAws;
import io.github.camelthumbnails.operate.reconcile.Reconcile;
import io.github.camelthumbnails.operate.reconcile.ReconcileState;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyInject;

/** Creates the beans of operators' routes and commands. All are lazy, because most processes need none of them. */
public final class OperateBeans implements CamelConfiguration {

    @Override
    public void configure(CamelContext context) {
        // The annotations say all.
    }

    /** Creates the bean that lists failures. */
    @BindToRegistry(value = "failures", lazy = true)
    public Failures failures(OperatorAws aws, @PropertyInject("failures.table") String table) {
        return new Failures(aws.dynamoDb(), table);
    }

    /** Creates the bean that keeps positions and findings of reconciles. */
    @BindToRegistry(value = "reconcileState", lazy = true)
    public ReconcileState reconcileState(OperatorAws aws, @PropertyInject("failures.table") String table) {
        return new ReconcileState(aws.dynamoDb(), table);
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
                context.resolvePropertyPlaceholders("{{events.queue.url:{{events.queue.name}}}}"));
    }
}

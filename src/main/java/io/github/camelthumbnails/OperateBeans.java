// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.operate.Failures;
import io.github.camelthumbnails.operate.OperatorAws;
import io.github.camelthumbnails.operate.Redrive;
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
                        originals,
                        context.resolvePropertyPlaceholders("{{events.queue.url:{{events.queue.name}}}}"),
                        context.resolvePropertyPlaceholders("{{failures.queue.url:{{failures.queue.name}}}}"),
                        context.resolvePropertyPlaceholders("{{dead.queue.url:{{dead.queue.name}}}}")),
                Redrive.Limits.STANDARD);
    }
}

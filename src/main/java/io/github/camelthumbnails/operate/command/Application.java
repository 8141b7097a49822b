// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.FailureSummary;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operations;
import io.github.camelthumbnails.operate.QueueAges;
import io.github.camelthumbnails.operate.QueueDepths;
import io.github.camelthumbnails.operate.ReconcileOptions;
import java.util.List;
import java.util.Map;

/** The parts of the application that commands use. They are started only when a command needs them. */
interface Application extends AutoCloseable {

    /** Lists the queues. */
    List<QueueDepths.State> queues();

    /** Returns the age of the oldest message of each of these queues by its purpose. */
    Map<String, QueueAges.Age> ages(List<QueueDepths.State> queues);

    /** Counts failures and shows the newest. */
    FailureSummary summarize(FailureFilter filter, int newest);

    /** Describes the price of a reconcile in a few lines. */
    String price(ReconcileOptions options);

    /** Creates a run that {@link #run} starts. */
    Operation create(Operations.Kind kind, boolean dryRun);

    /** Runs a repair until it has ended. */
    void run(Operations.Kind kind, Object options, Operation operation);

    @Override
    void close();
}

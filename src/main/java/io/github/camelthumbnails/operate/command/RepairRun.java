// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operations;
import java.io.PrintWriter;
import java.time.Duration;

/** Runs a repair in the foreground: shows its progress, prints its report, and determines the exit code. */
final class RepairRun {

    private final Session session;

    /** @param session connects the command with the process */
    RepairRun(Session session) {
        this.session = session;
    }

    /**
     * Runs a repair until it ends.
     *
     * @param total how much there is to do, approximately, or 0 if it is unknown
     * @return the exit code
     */
    int run(Application application, Operations.Kind kind, Object options, boolean dryRun, long total) {
        Operation operation = application.create(kind, dryRun);
        session.signal().cancels(operation);
        Progress progress = new Progress(operation, session.terminal(), total);
        try (progress) {
            application.run(kind, options, operation);
        }
        report(operation);
        return switch (operation.state()) {
            case DONE -> Commands.DONE;
            case LIMITED, CANCELLED -> Commands.STOPPED;
            case FAILED, RUNNING -> Commands.FAILED;
        };
    }

    private void report(Operation operation) {
        PrintWriter out = session.terminal().out();
        out.println(operation.kind() + (operation.dryRun() ? " (dry run: nothing was changed)" : ""));
        operation.counts().forEach((counter, number) -> out.printf("  %-14s %12d%n", Words.separate(counter), number));
        operation.examples().forEach((ofKind, examples) -> {
            out.println("examples: " + Words.separate(ofKind));
            examples.forEach(example -> out.println("  " + Escape.key(example)));
        });
        Duration time = Duration.between(operation.startedAt(), operation.endedAt());
        out.println(outcome(operation) + " after " + time.toSeconds() + " s.");
        String message = operation.message();
        switch (operation.state()) {
            case LIMITED -> out.println(message.isEmpty() ? "Run it again for the rest." : Escape.text(message));
            case CANCELLED ->
                out.println("Nothing is lost. "
                        + (message.isEmpty() ? "Run it again for the rest." : Escape.text(message)));
            case FAILED -> session.terminal().err().println(Escape.text(message));
            default -> {
                if (!message.isEmpty()) {
                    out.println(Escape.text(message));
                }
            }
        }
        out.flush();
    }

    private static String outcome(Operation operation) {
        return switch (operation.state()) {
            case DONE -> "Done";
            case LIMITED -> "Stopped at a limit";
            case CANCELLED -> "Cancelled";
            default -> "Failed";
        };
    }
}

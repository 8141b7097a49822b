// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.FailedOriginal;
import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.FailureSummary;
import io.github.camelthumbnails.operate.QueueAges;
import io.github.camelthumbnails.operate.QueueDepth;
import io.github.camelthumbnails.operate.QueueDepths;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code failures}: shows the depth of the queues and the failures. It only reads. */
@Command(
        name = "failures",
        description = {
            "Shows how many messages the queues have, how many originals have no thumbnail for which reason, and the newest of"
                    + " these failures. Reads only: no message is received.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  failures",
            "  failures --reason AccessDenied,InternalError --newer-than 2d",
            "  failures --prefix photos/2026/ --limit 100",
            "  failures --prefix photos/2026/ --limit 1000 --keys >keys.txt"
        })
final class FailuresCommand implements Callable<Integer> {

    private static final int MAX_LIMIT = 1000;

    private final Session session;

    @Spec
    private CommandSpec spec;

    @Option(names = "--reason", paramLabel = "A,B", description = "Only failures with one of these reasons.")
    private List<String> reasons = List.of();

    @Option(names = "--prefix", paramLabel = "P", defaultValue = "", description = "Only keys that begin like this.")
    private String prefix;

    @Option(names = "--older-than", paramLabel = "AGE", description = "Only failures older than this, such as 1h.")
    private String olderThan;

    @Option(names = "--newer-than", paramLabel = "AGE", description = "Only failures newer than this, such as 2d.")
    private String newerThan;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Number of failures to show, 0 to " + MAX_LIMIT + ".")
    private int limit;

    @Option(
            names = "--keys",
            description = "Print nothing but the keys of the newest failures, one a line, for redrive --keys-from.")
    private boolean onlyKeys;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    FailuresCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Instant now = Instant.now();
        Values values = new Values(spec.commandLine());
        values.require(limit >= 0 && limit <= MAX_LIMIT, "--limit has to be between 0 and " + MAX_LIMIT + ".");
        FailureFilter filter = new FailureFilter(
                values.reasons(reasons).stream().map(Enum::name).collect(Collectors.toSet()),
                prefix,
                newerThan == null ? null : values.ago("--newer-than", newerThan, now),
                olderThan == null ? null : values.ago("--older-than", olderThan, now));
        try (Application application = session.application().get()) {
            if (onlyKeys) {
                printKeys(application.summarize(filter, limit));
            } else {
                List<QueueDepths.State> queues = application.queues();
                show(queues, application.ages(queues));
                show(application.summarize(filter, limit));
            }
        }
        return Commands.DONE;
    }

    /** Prints keys exactly as they are, because they are for a file. */
    private void printKeys(FailureSummary summary) {
        for (FailedOriginal failure : summary.newest()) {
            if (failure.key().chars().noneMatch(c -> c == '\n' || c == '\r')) {
                session.terminal().out().print(failure.key() + "\n");
            } else {
                session.terminal().err().println("Left out a key with a line break: " + Escape.key(failure.key()));
            }
        }
        session.terminal().out().flush();
        if (summary.total() > summary.newest().size()) {
            session.terminal()
                    .err()
                    .println("These are the newest " + summary.newest().size() + " of " + summary.total()
                            + " failures. Use --limit for more.");
        }
    }

    private void show(List<QueueDepths.State> queues, Map<String, QueueAges.Age> ages) {
        PrintWriter out = session.terminal().out();
        out.printf("%-10s %12s %12s %12s %12s%n", "queue", "waiting", "in flight", "delayed", "oldest");
        for (QueueDepths.State queue : queues) {
            QueueDepth depth = queue.depth();
            if (depth == null) {
                out.printf("%-10s unknown: %s%n", queue.name(), Escape.text(queue.problem()));
            } else {
                out.printf(
                        "%-10s %12d %12d %12d %12s%n",
                        queue.name(),
                        depth.waiting(),
                        depth.inFlight(),
                        depth.delayed(),
                        Words.age(ages.get(queue.name())));
            }
        }
        ages.values().stream()
                .map(QueueAges.Age::problem)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(problem -> out.println("Unknown age: " + Escape.text(problem)));
        out.println();
        out.flush();
    }

    private void show(FailureSummary summary) {
        PrintWriter out = session.terminal().out();
        out.printf("%-30s %12s%n", "reason", "failures");
        summary.byReason().forEach((reason, number) -> out.printf("%-30s %12d%n", Escape.text(reason), number));
        out.printf("%-30s %12d%n", "total", summary.total());
        if (!summary.newest().isEmpty()) {
            out.println();
        }
        for (FailedOriginal failure : summary.newest()) {
            out.println(failure.failedAt().truncatedTo(ChronoUnit.SECONDS) + "  " + Escape.text(failure.reason()) + "  "
                    + Escape.key(failure.key()) + "  " + Escape.text(failure.error()));
        }
        out.flush();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code reconcile}: finds originals whose thumbnails are missing or out of date, and sends events for them. */
@Command(
        name = "reconcile",
        description = {
            "Compares the originals with their renditions, and sends an event for each original whose renditions are missing or"
                    + " out of date. Continues where an earlier run with the same options has stopped. Can be interrupted and"
                    + " repeated at any time, next to uploads.",
            ""
        },
        footer = {
            "",
            "TIME is a time (2026-01-31T08:00:00Z, 2026-01-31) or a duration ago (3h, 2d, PT5M).",
            "",
            "Examples:",
            "  reconcile --dry-run",
            "  reconcile --max 10000",
            "  reconcile --max 1000000 --prefix photos/2026/ --rate 200",
            "  reconcile --dry-run --delete-orphans",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped at a limit or cancelled."
        })
final class ReconcileCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    private CommandSpec spec;

    /** The options that decide whether to send events, and how many at most. */
    private static final class Mode {

        @Option(names = "--dry-run", required = true, description = "Only find the gaps, and send nothing.")
        private boolean dryRun;

        @Option(names = "--max", required = true, paramLabel = "N", description = "Send at most this number of events.")
        private Long max;

        private Mode() {}
    }

    @ArgGroup(multiplicity = "1")
    private Mode mode;

    @Option(names = "--prefix", paramLabel = "P", defaultValue = "", description = "Only keys that begin like this.")
    private String prefix;

    @Option(
            names = "--changed-after",
            paramLabel = "TIME",
            description = "Only originals stored at this time or later.")
    private String changedAfter;

    @Option(names = "--changed-before", paramLabel = "TIME", description = "Only originals stored before this time.")
    private String changedBefore;

    @Option(
            names = "--min-age",
            paramLabel = "AGE",
            defaultValue = "1m",
            description = "Without --changed-before: leave out younger originals, whose own events are on their way.")
    private String minAge;

    @Option(
            names = "--deep",
            description = "Ask the table about every original, and not only about those that look wrong.")
    private boolean deep;

    @Option(names = "--delete-orphans", description = "Have renditions removed whose original no longer exists.")
    private boolean deleteOrphans;

    @Option(
            names = "--inventory",
            paramLabel = "MANIFEST",
            description = "Read the originals from an S3 Inventory (CSV): s3://BUCKET/KEY of its manifest.json.")
    private String inventory;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "50", description = "Maximum number of events a second.")
    private int rate;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Wait while the events queue has more messages than this.")
    private int maxWaiting;

    @Option(names = "--restart", description = "Begin with the first key, although an earlier run has stopped later.")
    private boolean restart;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    ReconcileCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ReconcileOptions options = options();
        try (Application application = session.application().get()) {
            session.terminal().out().println(application.price(options));
            return new RepairRun(session).run(application, Kind.RECONCILE, options, options.dryRun(), 0);
        }
    }

    private ReconcileOptions options() {
        Instant now = Instant.now();
        Values values = new Values(spec.commandLine());
        values.require(mode.dryRun || mode.max >= 1, "--max has to be at least 1.");
        values.require(rate >= 1, "--rate has to be at least 1.");
        values.require(maxWaiting >= 1, "--max-waiting has to be at least 1.");
        Instant after = values.instant("--changed-after", changedAfter, now);
        Instant before = values.instant("--changed-before", changedBefore, now);
        boolean isAge = before == null || Times.isDuration(changedBefore); // the same command continues tomorrow
        Duration age = isAge ? values.duration("--min-age", before == null ? minAge : changedBefore, now) : null;
        ReconcileOptions options = new ReconcileOptions(
                prefix,
                after,
                isAge ? null : before,
                age,
                deep,
                deleteOrphans,
                inventory,
                mode.dryRun,
                mode.dryRun ? 0 : mode.max,
                rate,
                maxWaiting,
                restart);
        values.require(
                after == null || after.isBefore(options.end(now)),
                "--changed-after is not before the end of the window (--changed-before or --min-age).");
        return options;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operation.State;
import io.github.camelthumbnails.operate.ReconcileOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** One run of a reconcile: the pages that it goes through, and what it has done so far. Not thread-safe. */
final class ReconcileRun {

    /** Maximum age of originals that a run over the whole bucket may leave out, because their own events may still be on their way. */
    private static final Duration MAX_YOUNG_AGE = Duration.ofDays(1);

    /** Maximum difference between the local clock and that of AWS, which rejects requests if it is larger. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(15);

    private final String id;
    private final boolean overWholeBucket;
    private final ReconcileOptions options;
    private final Operation operation;
    private final ComparedPages pages;
    private final SendingRate rate;
    private final Instant changedAfter;
    private final RunPosition start;
    private long allowed;
    private String page;
    private String after;
    private String skipUntil;
    private ComparedPage present;
    private Batches batches;
    private boolean limited;
    private boolean complete;

    /**
     * Starts or continues a run.
     *
     * @param id identifies runs that continue each other
     * @param overWholeBucket the result of {@link #isOverWholeBucket(ReconcileOptions, Operation)}
     * @param pages the pages after those that are already processed
     * @param done the position of an earlier run
     */
    ReconcileRun(
            String id,
            boolean overWholeBucket,
            ReconcileOptions options,
            Operation operation,
            ComparedPages pages,
            SendingRate rate,
            RunPosition done) {
        this.id = id;
        this.overWholeBucket = overWholeBucket;
        this.options = options;
        this.operation = operation;
        this.pages = pages;
        this.rate = rate;
        this.changedAfter = changedAfter(options);
        this.start = done;
        this.allowed = options.max();
        this.page = done.page();
        this.after = done.after();
        this.skipUntil = done.after();
        done.counts().forEach(operation::count);
    }

    /** Returns the time from which originals are compared. */
    static Instant changedAfter(ReconcileOptions options) {
        return options.changedAfter() == null ? Instant.EPOCH : options.changedAfter();
    }

    /** Returns the time up to which a run that starts now verifies renditions, by the clock of S3. */
    static Instant verifies(ReconcileOptions options, Operation operation) {
        return end(options, operation).minus(MAX_CLOCK_SKEW);
    }

    /** Returns whether a run leaves out no original that is older than a day. */
    static boolean isOverWholeBucket(ReconcileOptions options, Operation operation) {
        return options.prefix().isEmpty()
                && options.changedAfter() == null
                && !end(options, operation).isBefore(operation.startedAt().minus(MAX_YOUNG_AGE));
    }

    /** Returns the time up to which originals are compared. */
    private static Instant end(ReconcileOptions options, Operation operation) {
        Instant start = operation.startedAt();
        Instant end = options.end(start);
        return end != null && end.isBefore(start) ? end : start;
    }

    String id() {
        return id;
    }

    boolean isOverWholeBucket() {
        return overWholeBucket;
    }

    ReconcileOptions options() {
        return options;
    }

    Operation operation() {
        return operation;
    }

    SendingRate rate() {
        return rate;
    }

    /** Returns whether there is another page, and the run may continue. */
    boolean hasNextPage() {
        return !limited && !operation.isCancelled() && pages.hasNext();
    }

    /** Returns the keys of the next page that an earlier run has not processed. */
    List<Compared> nextPage() {
        present = pages.next();
        operation.count("listRequests", present.requests());
        List<Compared> keys = present.keys();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).key().equals(skipUntil)) {
                keys = keys.subList(i + 1, keys.size());
            }
        }
        skipUntil = null; // it is on the first page of an inventory; a listing starts after it
        return keys;
    }

    /** Divides the findings of the current page into batches. */
    Iterator<Batch> cut(List<Finding> findings) {
        batches = new Batches(findings, this::getsEvent, options.dryRun() ? 0 : allowed);
        return batches;
    }

    private boolean getsEvent(Finding finding) {
        return !options.dryRun()
                && (finding.isGap() || options.deleteOrphans() && finding.kind() == Finding.Kind.ORPHAN);
    }

    /** Records that a batch is processed. */
    void done(Batch batch) {
        for (Finding finding : batch.findings()) {
            operation.count(finding.kind().counter(), 1);
            if (finding.kind() != Finding.Kind.ORPHAN) {
                operation.count("originals", 1);
            }
            if (finding.isGap() || finding.kind() == Finding.Kind.ORPHAN) {
                operation.example(finding.kind().counter(), finding.key());
            }
        }
        operation.count("sent", batch.events().size());
        allowed -= batch.events().size();
        after = batch.lastKey();
        operation.reached(after);
    }

    /** Records that all batches of the current page are processed, unless the run was cancelled or has reached its limit. */
    void endPage() {
        limited = !batches.isAtEnd();
        if (!limited && !operation.isCancelled()) {
            page = present.position();
            after = "";
        }
    }

    /** Returns the position of the run. */
    RunPosition progress() {
        return new RunPosition(start.startedAt(), page, after, operation.counts(), changedAfter, start.verifies());
    }

    /** Returns whether the run has processed a key, so that there is a position to save. */
    boolean hasProgress() {
        return !page.isEmpty() || !after.isEmpty();
    }

    /** Records that no page is left, unless the run was cancelled or has reached its limit. */
    void endPages() {
        complete = !limited && !operation.isCancelled();
    }

    /** Returns whether nothing is left to do. */
    boolean isComplete() {
        return complete;
    }

    /** Ends the operation with a message that says why, what it would cost to continue, and which run it has continued. */
    void end(Price price) {
        List<String> sentences = new ArrayList<>();
        if (limited) {
            sentences.add("The maximum of " + options.max()
                    + " events is reached. Run it again with the same options to continue after the last one."
                    + " A dry run counts the gaps that are left, and says what filling them costs.");
        } else if (!isComplete()) {
            sentences.add("Run it again with the same options to continue.");
        }
        Map<String, Long> counts = operation.counts();
        if (options.dryRun()) {
            long others = options.deleteOrphans() ? counts.get("orphans") : 0;
            price.ofGaps(counts.get("missing") + others, counts.get("stale")).ifPresent(sentences::add);
        }
        if (!start.isAtStart()) {
            sentences.add("This run has continued one that was started at "
                    + start.startedAt().truncatedTo(ChronoUnit.SECONDS) + ", and counts what that has done."
                    + " The option restart begins again.");
        }
        State state = limited ? State.LIMITED : isComplete() ? State.DONE : State.CANCELLED;
        operation.end(state, String.join(" ", sentences));
    }

    /** Returns whether the run has found neither missing nor stale renditions. */
    boolean isWithoutGaps() {
        Map<String, Long> counts = operation.counts();
        return List.of(Finding.Kind.MISSING, Finding.Kind.STALE).stream()
                .allMatch(kind -> counts.getOrDefault(kind.counter(), 0L) == 0);
    }

    void close() {
        pages.close();
    }
}

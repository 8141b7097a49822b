// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.OperatorAws;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.rendition.Renditions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Carries out the steps of the route {@code reconcile-originals}. */
public final class Reconcile {

    private static final int HASH_BYTES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Reconcile.class);

    private final PageSource source;
    private final ReconcileState state;
    private final Candidates candidates;
    private final EventSender sender;
    private final Price price;
    private final String renditionsHash;
    private final String scope;

    /**
     * @param renditionsHash the hash of the present settings
     * @param scope names the buckets, so that runs over other buckets have separate positions
     */
    Reconcile(
            PageSource source,
            ReconcileState state,
            Candidates candidates,
            EventSender sender,
            Price price,
            String renditionsHash,
            String scope) {
        this.source = source;
        this.state = state;
        this.candidates = candidates;
        this.sender = sender;
        this.price = price;
        this.renditionsHash = renditionsHash;
        this.scope = scope;
    }

    /**
     * Creates the bean.
     *
     * @param renditions the present settings
     * @param queue URL, name or ARN of the events queue
     */
    public static Reconcile of(
            OperatorAws aws,
            ReconcileState state,
            Renditions renditions,
            String originals,
            String thumbnails,
            String thumbnailsTable,
            String failuresTable,
            String queue) {
        PageSource source = (scope, inventory) -> inventory == null
                ? Walk.of(aws.s3(), originals, thumbnails, renditions, scope)
                : InventoryList.of(aws.s3(), originals, inventory, scope, renditions.maxOriginalKeyBytes());
        return new Reconcile(
                source,
                state,
                new Candidates(aws.dynamoDb(), thumbnailsTable, failuresTable, renditions.hash(), Pause.SLEEP),
                new EventSender(aws.sqs(), queue, originals, Pause.SLEEP),
                Price.of(renditions),
                renditions.hash(),
                originals + "/" + thumbnails);
    }

    /** Starts a run, or continues an unfinished one with the same options. */
    public ReconcileRun start(@Body ReconcileOptions options, @ExchangeProperty("operation") Operation operation) {
        boolean whole = ReconcileRun.isOverWholeBucket(options, operation);
        String id = id(options, whole);
        Instant changedAfter = ReconcileRun.changedAfter(options);
        RunPosition none = new RunPosition(
                operation.startedAt(), "", "", Map.of(), changedAfter, ReconcileRun.verifies(options, operation));
        RunPosition done = options.restart()
                ? none
                : state.progress(id)
                        .filter(progress -> progress.covers(changedAfter))
                        .orElse(none);
        WalkScope walk = new WalkScope(
                options.prefix(),
                options.changedAfter(),
                options.end(operation.startedAt()),
                state.verifiedUntil(renditionsHash),
                options.deep(),
                // a listing can start after any key, which need not exist any more; an inventory has no order
                options.inventory() == null && !done.after().isEmpty() ? done.after() : done.page());
        ComparedPages pages = source.open(walk, options.inventory());
        if (!done.isAtStart()) {
            LOG.info("Continues a run that was started at {}. The option restart begins again", done.startedAt());
        }
        SendingRate rate =
                new SendingRate(options.eventsPerSecond(), options.maxWaiting(), sender::waiting, System::nanoTime);
        return new ReconcileRun(id, whole, options, operation, pages, rate, done);
    }

    /** Returns whether there is another page, and the run may continue. */
    public boolean hasNextPage(@ExchangeProperty("run") ReconcileRun run) {
        return run.hasNextPage();
    }

    /** Returns the keys of the next page. */
    public List<Compared> nextPage(@ExchangeProperty("run") ReconcileRun run) {
        return run.nextPage();
    }

    /** Looks up in the tables those keys whose state the listings do not show. */
    public List<Finding> judge(@Body List<Compared> keys, @ExchangeProperty("run") ReconcileRun run) {
        return candidates.judge(keys, requests -> run.operation().count("tableReads", requests));
    }

    /** Divides the findings of a page into batches of events. */
    public Iterator<Batch> cut(@Body List<Finding> findings, @ExchangeProperty("run") ReconcileRun run) {
        return run.cut(findings);
    }

    /** Returns whether a batch has events to send. */
    public boolean hasEvents(@Body Batch batch) {
        return !batch.events().isEmpty();
    }

    /** Returns whether the run has to wait, because too many messages are on the events queue. */
    public boolean isQueueFull(@ExchangeProperty("run") ReconcileRun run) {
        return run.rate().isQueueFull(run.operation());
    }

    /** Returns the number of milliseconds to wait before a batch, so that the rate is kept. */
    public long pauseMillis(@Body Batch batch, @ExchangeProperty("run") ReconcileRun run) {
        return run.operation().isCancelled()
                ? 0
                : run.rate().reserve(batch.events().size());
    }

    /** Returns whether the run may continue. */
    public boolean goesOn(@ExchangeProperty("run") ReconcileRun run) {
        return !run.operation().isCancelled();
    }

    /** Sends the events of a batch, if it has any, and counts its findings. */
    public void complete(@Body Batch batch, @ExchangeProperty("run") ReconcileRun run) {
        if (hasEvents(batch)) {
            sender.send(batch.events());
            run.rate().sent(batch.events().size());
        }
        run.done(batch);
    }

    /** Saves the position of the run, after the events of a page were sent. */
    public void savePosition(@ExchangeProperty("run") ReconcileRun run) {
        run.endPage();
        save(run);
    }

    private void save(ReconcileRun run) {
        if (run.hasProgress()) {
            state.save(run.id(), run.progress(), run.options().dryRun());
        }
    }

    /** Ends a run after its last page. If the run has gone through the whole bucket, saves its findings. */
    public void finish(@ExchangeProperty("run") ReconcileRun run) {
        run.endPages();
        if (run.isComplete()) {
            if (run.isOverWholeBucket() && run.options().inventory() == null) { // it does not list renditions
                state.saveFindings(run.operation().counts());
                if (run.isWithoutGaps()) {
                    state.saveVerified(run.progress().verifies(), renditionsHash);
                }
            }
            state.forget(run.id());
        }
        run.end(price);
    }

    /** Stops pending requests, and saves the position of a run that an error or an operator has ended. */
    public void close(@ExchangeProperty("run") ReconcileRun run) {
        run.close();
        if (!run.isComplete()) {
            try {
                save(run);
            } catch (SdkException e) { // the error that ended the run matters more
                LOG.warn("The position of the run could not be saved: {}", e.getMessage());
            }
        }
    }

    /** Returns a hash of the options that decide what is found and sent. It does not include the rate of the events. */
    private String id(ReconcileOptions options, boolean whole) {
        String text = String.join(
                "\n",
                scope,
                renditionsHash,
                options.prefix(),
                String.valueOf(options.changedAfter() != null), // "two days ago" is later in each run
                String.valueOf(whole ? null : options.changedBefore()),
                String.valueOf(whole ? null : options.minAge()), // the age, because its time is later in each run
                String.valueOf(options.deep()),
                String.valueOf(options.deleteOrphans()),
                String.valueOf(options.inventory()),
                String.valueOf(options.dryRun()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

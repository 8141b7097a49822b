// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.rendition.Renditions;
import java.util.Locale;
import java.util.Optional;

/**
 * Estimates what a reconcile costs in requests to AWS, from the list prices of us-east-1 in US dollars as of 2026. Leaves out storage and
 * the CPU time of the workers.
 *
 * @see <a href="https://aws.amazon.com/s3/pricing/">S3</a>
 * @see <a href="https://aws.amazon.com/dynamodb/pricing/on-demand/">DynamoDB</a>
 * @see <a href="https://aws.amazon.com/sqs/pricing/">SQS</a>
 */
public final class Price {

    private static final double LIST_OR_PUT = 0.005 / 1000;
    private static final double GET_OR_HEAD = 0.0004 / 1000;
    private static final double SQS_REQUEST = 0.40 / 1_000_000;
    private static final double READ_UNIT = 0.125 / 1_000_000;
    private static final double WRITE_UNIT = 0.625 / 1_000_000;

    /** Read units of an eventually consistent read of an item of up to 4 KB. */
    private static final double READ_UNITS_OF_AN_ITEM = 0.5;

    /** Number of keys that S3 returns in a page. */
    private static final int PAGE_SIZE = 1000;

    private static final int WRITE_UNIT_BYTES = 1024;
    private static final int ITEM_BYTES = 300;
    private static final int BYTES_OF_A_RENDITION = 200;

    private static final String LIST_PRICES = " (List prices of us-east-1)";

    private final int renditions;
    private final int listings;

    /**
     * @param renditions number of renditions of each original
     * @param listedRenditions number of those whose keys can be listed
     */
    Price(int renditions, int listedRenditions) {
        this.renditions = renditions;
        this.listings = 1 + listedRenditions;
    }

    /** Creates the prices for the given rendition settings. */
    public static Price of(Renditions settings) {
        return new Price(settings.presets().size(), (int)
                settings.textsBeforeKey().stream().filter(Optional::isPresent).count());
    }

    /** Returns the price of listing originals and their renditions. */
    public double listing(long originals) {
        return (double) originals / PAGE_SIZE * listings * LIST_OR_PUT;
    }

    /** Returns the price of reading the item of each original, which the first run and a deep run need. */
    public double items(long originals) {
        return originals * READ_UNITS_OF_AN_ITEM * READ_UNIT;
    }

    /** Returns the price of reading the failure of each gap, before its event is sent. */
    public double failures(long gaps) {
        return gaps * READ_UNITS_OF_AN_ITEM * READ_UNIT;
    }

    /**
     * Returns the price of events: each is sent in a batch, received and deleted. The worker reads the original, checks it once more,
     * stores its renditions and writes an item.
     */
    public double events(long events) {
        double queue = (1.0 / Batch.MAX_EVENTS + 2) * SQS_REQUEST;
        double objects = 2 * GET_OR_HEAD + renditions * LIST_OR_PUT;
        double writeUnits = Math.ceil((double) (ITEM_BYTES + renditions * BYTES_OF_A_RENDITION) / WRITE_UNIT_BYTES);
        return events * (queue + objects + writeUnits * WRITE_UNIT);
    }

    /** Describes the maximum price of a run in a few sentences. */
    public String describe(ReconcileOptions options) {
        long million = 1_000_000;
        String reads = format(items(million) + failures(million));
        String text = options.inventory() == null
                ? "Each million originals costs about " + format(listing(million)) + " to list, and up to " + reads
                        + " to look up in the tables."
                : "Each million originals costs up to " + reads + " to look up in the tables.";
        text += options.dryRun()
                ? " To fill a million gaps costs about " + format(events(million))
                : String.format(
                        Locale.ROOT, " Up to %,d events cost about %s", options.max(), format(events(options.max())));
        return text
                + " in requests (up to twice as much after a change of the renditions), and the CPU time of the workers."
                + LIST_PRICES;
    }

    /**
     * Describes the maximum price of events for all gaps in a sentence. Returns empty if there are no gaps.
     *
     * @param missing number of gaps whose renditions are made once
     * @param stale number of gaps whose renditions are made twice, if they were made with other settings
     */
    Optional<String> ofGaps(long missing, long stale) {
        return missing + stale == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Events for all gaps (%,d) cost up to %s in requests, and the CPU time of the workers.%s",
                        missing + stale,
                        format(events(missing + 2 * stale)),
                        LIST_PRICES));
    }

    /** Writes a price in dollars: with cents below ten dollars, and never less than a cent. */
    public static String format(double dollars) {
        return dollars >= 9.995
                ? String.format(Locale.ROOT, "$%,.0f", dollars)
                : String.format(Locale.ROOT, "$%.2f", dollars == 0 ? 0 : Math.max(0.01, dollars));
    }
}

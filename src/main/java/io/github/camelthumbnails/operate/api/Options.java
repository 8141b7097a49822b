// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.api;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.http.RequestRefusedException;
import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.Reasons;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import io.github.camelthumbnails.operate.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Converts the values of a request into the options of a repair or the filter of a list, with the defaults of the commands. */
final class Options {

    private static final Duration MIN_AGE = Duration.ofMinutes(1);
    private static final Set<String> REDRIVE = Set.of("source", "reasons", "all", "prefix", "keys", "dryRun");
    private static final Set<String> RECONCILE = Set.of(
            "prefix",
            "changedAfter",
            "changedBefore",
            "deep",
            "deleteOrphans",
            "inventory",
            "dryRun",
            "max",
            "eventsPerSecond",
            "maxWaiting",
            "restart");

    private Options() {}

    static FailureFilter filter(Fields fields) throws RequestRefusedException {
        List<String> reasons = fields.texts("reason");
        return new FailureFilter(
                reasons == null
                        ? Set.of()
                        : reasons(reasons).stream().map(Enum::name).collect(Collectors.toSet()),
                fields.text("prefix", ""),
                null,
                null);
    }

    static RedriveOptions redrive(Fields fields) throws RequestRefusedException {
        fields.allowOnly(REDRIVE);
        List<String> keys = fields.texts("keys");
        Source source = source(fields.text("source", "failures"));
        Set<FailureReason> reasons = reasonsToRetry(fields);
        try {
            return new RedriveOptions(
                    source,
                    source == Source.DEAD && !fields.has("reasons") ? Set.of() : reasons,
                    fields.text("prefix", ""),
                    keys == null ? null : Set.copyOf(keys),
                    fields.flag("dryRun"));
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.badRequest(e.getMessage());
        }
    }

    private static Source source(String name) throws RequestRefusedException {
        return switch (name) {
            case "failures" -> Source.FAILURES;
            case "dead" -> Source.DEAD;
            default ->
                throw RequestRefusedException.badRequest("There is no source " + name + ". Use failures or dead.");
        };
    }

    private static Set<FailureReason> reasonsToRetry(Fields fields) throws RequestRefusedException {
        List<String> names = fields.texts("reasons");
        boolean all = fields.flag("all");
        if (names != null && all) {
            throw RequestRefusedException.badRequest("all and reasons contradict each other. Send one of them.");
        }
        if (names != null) {
            Set<FailureReason> reasons = reasons(names);
            if (reasons.isEmpty()) {
                throw RequestRefusedException.badRequest(
                        "reasons is empty. Send at least one reason, or leave it out.");
            }
            return reasons;
        }
        return all || fields.has("keys") ? EnumSet.allOf(FailureReason.class) : Reasons.worthARetry();
    }

    static ReconcileOptions reconcile(Fields fields, Instant now) throws RequestRefusedException {
        fields.allowOnly(RECONCILE);
        boolean dryRun = fields.flag("dryRun");
        if (dryRun == fields.has("max")) {
            throw RequestRefusedException.badRequest(
                    "Send either \"dryRun\":true, or the maximum number of events to send, such as \"max\":1000.");
        }
        Instant after = instant(fields, "changedAfter", null, now);
        Instant before = instant(fields, "changedBefore", null, now);
        String end = fields.text("changedBefore", null);
        boolean isAge = end == null || Times.isDuration(end); // the same request continues tomorrow
        ReconcileOptions options = new ReconcileOptions(
                fields.text("prefix", ""),
                after,
                isAge ? null : before,
                end == null ? MIN_AGE : isAge ? Times.duration(end) : null,
                fields.flag("deep"),
                fields.flag("deleteOrphans"),
                fields.text("inventory", null),
                dryRun,
                dryRun ? 0 : fields.number("max", 0, 1, Long.MAX_VALUE),
                (int) fields.number("eventsPerSecond", 50, 1, 10_000),
                (int) fields.number("maxWaiting", 1000, 1, 1_000_000),
                fields.flag("restart"));
        if (after != null && !after.isBefore(options.end(now))) {
            throw RequestRefusedException.badRequest(
                    "changedAfter is not before changedBefore (by default a minute ago).");
        }
        return options;
    }

    /** Returns those options of a reconcile on which its price depends. Without a maximum, it is a dry run. */
    static ReconcileOptions priced(Fields fields) throws RequestRefusedException {
        long max = fields.number("max", 0, 1, Long.MAX_VALUE);
        String inventory = fields.text("inventory", null);
        return new ReconcileOptions("", null, Instant.now(), false, false, inventory, max == 0, max, 1, 1, false);
    }

    private static Instant instant(Fields fields, String name, Instant absent, Instant now)
            throws RequestRefusedException {
        String text = fields.text(name, null);
        try {
            return text == null ? absent : Times.instant(text, now);
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.badRequest(name + ": " + e.getMessage() + ".");
        }
    }

    private static Set<FailureReason> reasons(List<String> names) throws RequestRefusedException {
        try {
            return Reasons.parse(names);
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.badRequest(e.getMessage());
        }
    }
}

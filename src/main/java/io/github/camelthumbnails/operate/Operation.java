// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Follows one run of a repair, such as a redrive, from its start to its end: counts what it has done, and lets others cancel it.
 * Thread-safe.
 */
public final class Operation {

    /** Maximum number of examples that are kept of each kind. */
    private static final int MAX_EXAMPLES = 10;

    /** The progress of a run. */
    public enum State {
        /** It has not ended. */
        RUNNING,
        /** It is complete. */
        DONE,
        /** It has reached one of its limits, and left the rest for another run. */
        LIMITED,
        /** Somebody has cancelled it. */
        CANCELLED,
        /** An error has ended it. */
        FAILED
    }

    private final String id = UUID.randomUUID().toString();
    private final String kind;
    private final boolean dryRun;
    private final Instant startedAt = Instant.now();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, List<String>> examples = new LinkedHashMap<>();
    private State state = State.RUNNING;
    private String position = "";
    private String message = "";
    private Instant endedAt;
    private boolean cancelled;

    /**
     * Starts to follow a run.
     *
     * @param kind the kind of the repair: {@code redrive} or {@code reconcile}
     * @param dryRun whether the run only counts what it would do
     * @param counters names of the counters that exist with 0 from the start, in the order in which they are shown
     */
    public Operation(String kind, boolean dryRun, List<String> counters) {
        this.kind = kind;
        this.dryRun = dryRun;
        counters.forEach(counter -> counts.put(counter, 0L));
    }

    /** Returns a random identifier. */
    public String id() {
        return id;
    }

    /** Returns the kind of the repair: {@code redrive} or {@code reconcile}. */
    public String kind() {
        return kind;
    }

    /** Returns whether the run only counts what it would do. */
    public boolean dryRun() {
        return dryRun;
    }

    /** Returns when the run started. */
    public Instant startedAt() {
        return startedAt;
    }

    /** Adds to a counter, which starts at 0. */
    public synchronized void count(String counter, long number) {
        counts.merge(counter, number, Long::sum);
    }

    /** Returns a copy of all counters, in the order in which they are shown. */
    public synchronized Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }

    /** Keeps an example, such as an object key, unless there are enough of its kind. */
    public synchronized void example(String ofKind, String example) {
        List<String> known = examples.computeIfAbsent(ofKind, any -> new ArrayList<>());
        if (known.size() < MAX_EXAMPLES) {
            known.add(example);
        }
    }

    /** Returns a copy of the examples by kind. */
    public synchronized Map<String, List<String>> examples() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        examples.forEach((ofKind, known) -> copy.put(ofKind, List.copyOf(known)));
        return copy;
    }

    /** Sets the object key that the run has reached. */
    public synchronized void reached(String key) {
        position = key;
    }

    /** Returns the object key that the run has reached, empty if it has none. */
    public synchronized String position() {
        return position;
    }

    /** Asks the run to stop soon. It stops between two batches, so that nothing is lost. */
    public synchronized void cancel() {
        cancelled = true;
    }

    /** Returns whether the run has to stop. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /**
     * Ends the run. Later calls change nothing.
     *
     * @param end any state but {@link State#RUNNING}
     * @param why one sentence for the operator, empty if there is nothing to say
     */
    public synchronized void end(State end, String why) {
        if (state == State.RUNNING) {
            state = end;
            message = why;
            endedAt = Instant.now();
        }
    }

    /** Returns the state of the run. */
    public synchronized State state() {
        return state;
    }

    /** Returns why the run has ended as it did, in one sentence, or an empty string. */
    public synchronized String message() {
        return message;
    }

    /** Returns when the run ended, or null if it has not. */
    public synchronized Instant endedAt() {
        return endedAt;
    }
}

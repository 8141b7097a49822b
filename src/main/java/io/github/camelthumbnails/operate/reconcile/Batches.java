// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

/**
 * Divides findings into batches. Ends before the first event that would exceed the limit. Findings without an event that come before it are
 * still returned.
 */
final class Batches implements Iterator<Batch> {

    private final List<Finding> findings;
    private final Predicate<Finding> getsEvent;
    private long allowed;
    private int next;

    /**
     * @param getsEvent whether an event is sent for a finding
     * @param allowed maximum number of events
     */
    Batches(List<Finding> findings, Predicate<Finding> getsEvent, long allowed) {
        this.findings = findings;
        this.getsEvent = getsEvent;
        this.allowed = allowed;
    }

    /** Returns whether all findings are in a batch that was returned. */
    boolean isAtEnd() {
        return next == findings.size();
    }

    @Override
    public boolean hasNext() {
        return !isAtEnd() && (allowed > 0 || !getsEvent.test(findings.get(next)));
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int first = next;
        List<Finding> events = new ArrayList<>();
        for (; hasNext(); next++) {
            Finding finding = findings.get(next);
            if (getsEvent.test(finding)) {
                if (events.size() == Batch.MAX_EVENTS) {
                    break;
                }
                events.add(finding);
                allowed--;
            }
        }
        return new Batch(findings.subList(first, next), events);
    }
}

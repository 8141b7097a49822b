// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.operate.Operation.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the shared state of the lanes of one redrive: the messages that they have received but not deleted, and whether the queue may
 * contain more. Thread-safe.
 *
 * <p>A message that stays is hidden from others until the end of the run, so that it is not received again and again. If the run takes
 * longer than SQS hides it, it is received once more, but not counted a second time.
 */
public final class RedriveRun {

    private static final int BATCH_SIZE = 10;

    /**
     * Number of consecutive empty responses, over all lanes, after which the queue may be empty. A single one proves nothing, because SQS
     * distributes a standard queue over many servers.
     */
    private static final int MIN_EMPTY = 4;

    /**
     * Number of consecutive responses without an older message after which the queue may contain no more of them. It is higher than
     * {@link #MIN_EMPTY}, because a response with only younger messages may come from a single server.
     */
    private static final int MIN_FRUITLESS = 20;

    /**
     * Number of consecutive responses without an older message after which the run ends even if SQS still counts messages. That is about a
     * minute of empty polls, because the counts are up to a minute late.
     */
    private static final int MAX_FRUITLESS = 240;

    private final RedriveOptions options;
    private final Operation operation;
    private final String queue;
    private final int lanes;
    private final int maxHeld;
    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final Map<String, String> receiptHandles = new ConcurrentHashMap<>();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private int empty;
    private int fruitless;
    private boolean done;
    private long unsent;
    private long hidden;
    private long waiting;

    /**
     * Starts a run.
     *
     * @param queue the URL of the queue to receive messages from
     * @param lanes the number of batches that are worked on in parallel
     * @param maxHeld the maximum number of messages to hide from others
     */
    RedriveRun(RedriveOptions options, Operation operation, String queue, int lanes, int maxHeld) {
        this.options = options;
        this.operation = operation;
        this.queue = queue;
        this.lanes = lanes;
        this.maxHeld = maxHeld;
    }

    RedriveOptions options() {
        return options;
    }

    Operation operation() {
        return operation;
    }

    String queue() {
        return queue;
    }

    /** Returns one number for each lane. */
    public List<Integer> getLanes() {
        List<Integer> numbers = new ArrayList<>();
        for (int lane = 1; lane <= lanes; lane++) {
            numbers.add(lane);
        }
        return numbers;
    }

    /** Returns whether a lane should receive another batch. */
    public synchronized boolean isActive() {
        return !done && !operation.isCancelled() && !isFull();
    }

    private boolean isFull() {
        return receiptHandles.size() > maxHeld - lanes * BATCH_SIZE;
    }

    /**
     * Records that a message is hidden from others, or hidden again under another receipt handle.
     *
     * @return whether the message has not been received before in this run
     */
    boolean hold(String messageId, String receiptHandle) {
        return receiptHandles.put(messageId, receiptHandle) == null;
    }

    /** Records that there is a message about some keys, whether it is moved or not. */
    void markFound(Set<String> keys) {
        if (options.keys() != null) {
            found.addAll(keys);
        }
    }

    /** Reports the selected keys for which there was no message. They may be mistyped, or the messages have expired. */
    void countKeysNotFound() {
        if (options.keys() != null) {
            List<String> missing = options.keys().stream()
                    .filter(key -> !found.contains(key))
                    .sorted()
                    .toList();
            operation.count("keysNotFound", missing.size());
            missing.forEach(key -> operation.example("keysNotFound", key));
        }
    }

    /** Returns the latest receipt handle of a message that is hidden. */
    String receiptHandle(String messageId) {
        return receiptHandles.get(messageId);
    }

    /** Returns the latest receipt handles of all messages that are hidden from others, in batches. */
    List<List<String>> held() {
        return batches(new ArrayList<>(receiptHandles.values()));
    }

    /** Records that the event of a message was sent. */
    void markSent(String messageId) {
        sent.add(messageId);
    }

    /** Returns whether the event of a message was sent although the message could not be deleted. */
    boolean isSent(String messageId) {
        return sent.contains(messageId);
    }

    /** Records that a message was deleted. */
    void forget(String messageId) {
        receiptHandles.remove(messageId);
        sent.remove(messageId);
    }

    /** Records that the event of a message could not be sent. */
    synchronized void countUnsent() {
        unsent++;
    }

    /** Returns whether a message was not sent after the start of the run. */
    boolean isOlder(Instant sentAt) {
        return !sentAt.isAfter(operation.startedAt());
    }

    /**
     * Records a response of the queue. Only messages that are older than the run and not known yet keep the run going, because newer ones
     * arrive as long as a fault persists.
     *
     * @param isEmpty whether the response has no message
     * @param hasOlder whether it has an older message that the run has to check
     * @return whether there may be no more older messages, so that the caller should ask how many messages the queue has
     */
    synchronized boolean received(boolean isEmpty, boolean hasOlder) {
        empty = isEmpty ? empty + 1 : 0;
        fruitless = hasOlder ? 0 : fruitless + 1;
        return !done && isPerhapsAtEnd();
    }

    private boolean isPerhapsAtEnd() {
        return empty >= MIN_EMPTY || fruitless >= MIN_FRUITLESS;
    }

    /**
     * Ends the run if the queue has no more messages, or if no older message has arrived for so long that SQS or another receiver must hold
     * them back.
     *
     * @param nowWaiting number of messages that can be received, according to SQS
     * @param inFlight number of messages that are hidden by a receiver, according to SQS
     */
    synchronized void checkEnd(long nowWaiting, long inFlight) {
        long hiddenByOthers = Math.max(0, inFlight - receiptHandles.size());
        if (isPerhapsAtEnd() && nowWaiting == 0 && hiddenByOthers == 0 || fruitless >= MAX_FRUITLESS) {
            done = true;
            waiting = nowWaiting;
            hidden = hiddenByOthers;
        }
    }

    /** Ends the operation, unless the run was complete. */
    synchronized void end() {
        if (operation.isCancelled()) {
            operation.end(State.CANCELLED, "It was cancelled. Run it again to look at the rest.");
        } else if (!sent.isEmpty()) {
            operation.end(
                    State.LIMITED,
                    sent.size()
                            + " messages could not be deleted after their events were sent. Run it again to delete them.");
        } else if (unsent > 0) {
            operation.end(State.LIMITED, unsent + " events could not be sent. Run it again to send them.");
        } else if (!done) {
            operation.end(
                    State.LIMITED,
                    "It holds " + receiptHandles.size()
                            + " messages that stay, and SQS lets nobody hold many more. Other messages were not looked at, and"
                            + " the same run would find the same messages first. Redrive more reasons or keys, or delete"
                            + " messages that nobody needs.");
        } else if (hidden > 0) {
            operation.end(
                    State.LIMITED,
                    "About " + hidden + " messages were not looked at. Others hide them, perhaps a run that was killed."
                            + " Run it again in "
                            + Redrive.Limits.STANDARD.hidden().toMinutes() + " minutes.");
        } else if (waiting > 0) {
            operation.end(
                    State.LIMITED,
                    "SQS still counts about " + waiting
                            + " messages. They failed during the run, or SQS did not deliver"
                            + " them. Run it again to look at them.");
        }
    }

    /** Divides a list into batches of the size that SQS allows. */
    static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int start = 0; start < all.size(); start += BATCH_SIZE) {
            batches.add(all.subList(start, Math.min(start + BATCH_SIZE, all.size())));
        }
        return batches;
    }
}

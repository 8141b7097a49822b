// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.operate.Operation.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds what the lanes of one redrive share: which messages they have received and not deleted, and whether the queue is empty.
 * Thread-safe.
 *
 * <p>A message that stays is hidden from others until the end of the run, so that it is not received again and again. SQS shows it again
 * if the run takes longer than that; then it is received once more, and not counted a second time.
 */
public final class RedriveRun {

    private static final int BATCH_SIZE = 10;

    /**
     * Number of empty responses in a row, of all lanes, from which the queue may be empty. One proves nothing, because a standard queue
     * is kept on many servers.
     */
    private static final int MIN_EMPTY = 4;

    /** Number of empty responses in a row that end the run even if SQS, whose counts are late, still counts messages. */
    private static final int MAX_EMPTY = 120;

    private final RedriveOptions options;
    private final Operation operation;
    private final String queue;
    private final int lanes;
    private final int maxHeld;
    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final Map<String, String> receiptHandles = new ConcurrentHashMap<>();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private int empty;
    private boolean done;
    private long unsent;
    private long hidden;

    /**
     * Starts a run.
     *
     * @param queue the URL of the queue to take messages from
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
     * Notes that a message is hidden from others, or hidden again under another receipt handle.
     *
     * @return whether the message has not been received before in this run
     */
    boolean hold(String messageId, String receiptHandle) {
        return receiptHandles.put(messageId, receiptHandle) == null;
    }

    /** Notes that there is a message about some keys, whether it is moved or not. */
    void markFound(Set<String> keys) {
        if (options.keys() != null) {
            found.addAll(keys);
        }
    }

    /** Reports the keys to retry that no message is about. They may be mistyped, or the messages have expired. */
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

    /** Notes that the event of a message was sent. */
    void markSent(String messageId) {
        sent.add(messageId);
    }

    /** Returns whether the event of a message was sent although the message could not be deleted. */
    boolean isSent(String messageId) {
        return sent.contains(messageId);
    }

    /** Notes that a message was deleted. */
    void forget(String messageId) {
        receiptHandles.remove(messageId);
        sent.remove(messageId);
    }

    /** Notes that the event of a message could not be sent. */
    synchronized void countUnsent() {
        unsent++;
    }

    /** Notes that the queue has returned messages. */
    synchronized void receivedSome() {
        empty = 0;
    }

    /**
     * Notes that the queue has returned no message.
     *
     * @return whether the queue may be empty, so that the caller should ask how many messages it has
     */
    synchronized boolean receivedNone() {
        empty++;
        return !done && empty >= MIN_EMPTY;
    }

    /**
     * Ends the run if the queue is empty.
     *
     * @param waiting number of messages that can be received, according to SQS
     * @param inFlight number of messages that somebody hides, according to SQS
     */
    synchronized void checkEmpty(long waiting, long inFlight) {
        if (empty >= MIN_EMPTY && waiting == 0 || empty >= MAX_EMPTY) {
            done = true;
            hidden = Math.max(0, inFlight - receiptHandles.size());
        }
    }

    /** Sets the state of the operation, unless nothing but its success is left to say. */
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
                            + " messages that stay, and SQS lets nobody hold many more. Other messages"
                            + " were not looked at. Redrive more reasons or keys, or delete messages that nobody needs.");
        } else if (hidden > 0) {
            operation.end(
                    State.DONE,
                    "About " + hidden + " other messages are hidden, perhaps by a run that was killed. Run it again in "
                            + Redrive.Limits.STANDARD.hidden().toMinutes() + " minutes.");
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

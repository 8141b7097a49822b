// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.FailureNotes;
import io.github.camelthumbnails.operate.reconcile.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Carries out the steps of the route {@code redrive-failures}, which moves failed originals back to the events queue.
 *
 * <p>An event is sent before its message is deleted. If the process dies in between, the next run sends the event again, which does no
 * harm. So a run needs no state that outlives it, and several runs may work at the same time.
 */
public final class Redrive {

    private static final Logger LOG = LoggerFactory.getLogger(Redrive.class);

    /** Duration of a poll in seconds. Even the shortest long poll asks all servers of a queue. */
    private static final int WAIT_SECONDS = 1;

    private static final int MAX_EXAMPLE_LENGTH = 200;

    private final SqsClient sqs;
    private final RedriveBatches batches;
    private final FailureNotes notes;
    private final Places places;
    private final Limits limits;
    private final RedriveReader reader;

    /**
     * The bucket and the queues of a redrive.
     *
     * @param originals the bucket of originals
     * @param events the URL, name or ARN of the events queue
     * @param failures the URL, name or ARN of the failure queue
     * @param dead the URL, name or ARN of the dead-letter queue of the events queue
     */
    public record Places(String originals, String events, String failures, String dead) {}

    /**
     * Limits a run.
     *
     * @param lanes the number of batches that are worked on in parallel
     * @param hidden the time for which a received message is hidden from others
     * @param maxHeld the maximum number of messages to hide from others. SQS allows 120,000 for all receivers of a queue
     */
    public record Limits(int lanes, Duration hidden, int maxHeld) {

        /**
         * The limits outside tests. A message whose process was killed returns after ten minutes. That is longer than a batch takes, even
         * if AWS makes the client retry.
         */
        public static final Limits STANDARD = new Limits(4, Duration.ofMinutes(10), 100_000);
    }

    /** Creates the bean for one set of queues. */
    public Redrive(SqsClient sqs, FailureNotes notes, Places places, Limits limits) {
        this.sqs = sqs;
        this.batches = new RedriveBatches(sqs, Pause.SLEEP);
        this.notes = notes;
        this.places = places;
        this.limits = limits;
        this.reader = new RedriveReader(places.originals());
    }

    /** Starts a run, which the lanes share. */
    public RedriveRun start(@Body RedriveOptions options, @ExchangeProperty("operation") Operation operation) {
        String queue = options.source() == RedriveOptions.Source.DEAD ? places.dead() : places.failures();
        return new RedriveRun(options, operation, queue, limits.lanes(), limits.maxHeld());
    }

    /** Receives up to ten messages that this run has not received before, or whose event it has sent but not deleted. */
    public List<Message> receive(@ExchangeProperty("redrive") RedriveRun run) {
        List<Message> messages = poll(run.queue());
        List<Message> unknown = new ArrayList<>();
        for (Message message : messages) {
            if (run.hold(message.messageId(), message.receiptHandle()) || run.isSent(message.messageId())) {
                unknown.add(message);
            }
        }
        boolean hasOlder = unknown.stream().anyMatch(message -> run.isOlder(RedriveReader.sentAt(message)));
        if (run.received(messages.isEmpty(), hasOlder)) {
            checkEnd(run);
        }
        return unknown;
    }

    private List<Message> poll(String queue) {
        try {
            return sqs.receiveMessage(request -> request.queueUrl(queue)
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(WAIT_SECONDS)
                            .visibilityTimeout((int) limits.hidden().toSeconds())
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP))
                    .messages();
        } catch (OverLimitException e) {
            LOG.debug("Too many messages are hidden", e);
            return List.of();
        }
    }

    private void checkEnd(RedriveRun run) {
        Map<QueueAttributeName, String> counts = sqs.getQueueAttributes(request -> request.queueUrl(run.queue())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        run.checkEnd(
                QueueDepths.number(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                QueueDepths.number(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    /**
     * Chooses the messages to move, and counts the others. A message that was sent after the start of the run stays: its original may
     * have failed again, and the run would never end while the fault persists.
     *
     * @return the messages to move; none in a dry run
     */
    public List<RedriveMessage> choose(@Body List<Message> messages, @ExchangeProperty("redrive") RedriveRun run) {
        List<RedriveMessage> chosen = new ArrayList<>();
        for (Message received : messages) {
            try {
                RedriveMessage message = reader.read(run.options().source(), received);
                if (!run.isOlder(message.sentAt()) || !message.isSelectedBy(run.options())) {
                    run.operation().count("stayed", 1);
                } else if (run.options().dryRun()) {
                    run.operation().count("moved", 1);
                } else {
                    chosen.add(message);
                }
                run.markFound(message.keys());
            } catch (UnreadableMessageException e) {
                run.operation().count("unreadable", 1);
                run.operation().example("unreadable", shorten(received.body()) + " (" + shorten(e.getMessage()) + ")");
            }
        }
        return chosen;
    }

    /** Deletes the originals' records in the failures table, so that a failure of the retry is reported again. */
    public void forgetNotes(@Body List<RedriveMessage> messages, @ExchangeProperty("redrive") RedriveRun run) {
        for (RedriveMessage message : messages) {
            if (message.failedAt() != null && !run.isSent(message.id())) {
                for (String key : message.keys()) {
                    notes.forget(key, message.failedAt());
                }
            }
        }
    }

    /**
     * Sends the events.
     *
     * @return the messages whose event was sent, now or before
     */
    public List<RedriveMessage> send(@Body List<RedriveMessage> messages, @ExchangeProperty("redrive") RedriveRun run) {
        List<RedriveMessage> unsent =
                messages.stream().filter(message -> !run.isSent(message.id())).toList();
        for (RedriveMessage message : batches.send(places.events(), unsent)) {
            run.markSent(message.id());
            run.operation().count("moved", 1);
        }
        List<RedriveMessage> sent = new ArrayList<>(messages);
        sent.removeIf(message -> !run.isSent(message.id()));
        for (int failed = sent.size(); failed < messages.size(); failed++) {
            run.countUnsent();
            run.operation().count("stayed", 1);
        }
        return sent;
    }

    /** Deletes the messages whose events were sent. A message that cannot be deleted is deleted when it is received again. */
    public void delete(@Body List<RedriveMessage> messages, @ExchangeProperty("redrive") RedriveRun run) {
        for (RedriveMessage deleted :
                batches.delete(run.queue(), messages, message -> run.receiptHandle(message.id()))) {
            run.forget(deleted.id());
        }
    }

    /** Returns the receipt handles of all messages that stay, in batches. */
    public List<List<String>> held(@ExchangeProperty("redrive") RedriveRun run) {
        return run.held();
    }

    /** Makes messages visible again. If that fails, they become visible after their timeout. */
    public void release(@Body List<String> receiptHandles, @ExchangeProperty("redrive") RedriveRun run) {
        try {
            batches.release(run.queue(), receiptHandles);
        } catch (SdkException e) {
            LOG.warn(
                    "{} messages of {} return only in {} minutes: {}",
                    receiptHandles.size(),
                    run.queue(),
                    limits.hidden().toMinutes(),
                    e.getMessage());
        }
    }

    /** Reports the keys that were not found, and ends the operation unless the run was complete. */
    public void end(@ExchangeProperty("redrive") RedriveRun run) {
        run.countKeysNotFound();
        run.end();
    }

    private static String shorten(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= MAX_EXAMPLE_LENGTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_EXAMPLE_LENGTH / 2)) + "...";
    }
}

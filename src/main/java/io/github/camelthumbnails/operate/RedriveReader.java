// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.event.EventMessage;
import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.event.ImageEvents;
import io.github.camelthumbnails.event.NotAnS3EventException;
import io.github.camelthumbnails.failure.FailureReason;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Reads messages of the failure queue and of the dead-letter queue, and determines the event that retries each of them. */
final class RedriveReader {

    private static final int MAX_KEY_BYTES = 1024;

    /**
     * Matches anything that cannot occur in percent-encoded text. It also matches a plus sign, which some encoders write instead of a
     * space.
     */
    private static final Pattern NOT_PERCENT_ENCODED = Pattern.compile("[^!-~]|[+]|%(?![0-9A-Fa-f]{2})");

    private final String originals;

    /** @param originals the bucket of originals */
    RedriveReader(String originals) {
        this.originals = originals;
    }

    /**
     * Reads one message.
     *
     * @throws UnreadableMessageException if no event can be sent for it
     */
    RedriveMessage read(RedriveOptions.Source source, Message message) throws UnreadableMessageException {
        return source == RedriveOptions.Source.DEAD ? readEvent(message) : readFailure(message);
    }

    /** Reads a failure message, whose body is a key. A message that somebody has sent by hand may lack all attributes. */
    private RedriveMessage readFailure(Message message) throws UnreadableMessageException {
        String key = key(message);
        if (key.isEmpty()) {
            throw new UnreadableMessageException("the key is empty");
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new UnreadableMessageException("the key has more than " + MAX_KEY_BYTES + " bytes");
        }
        String bucket = attribute(message, "bucket");
        if (bucket != null && !bucket.equals(originals)) {
            throw new UnreadableMessageException("the bucket is " + bucket + ", but originals are in " + originals);
        }
        return new RedriveMessage(
                message.messageId(),
                sentAt(message),
                Set.of(key),
                reason(attribute(message, "reason")),
                failedAt(message),
                EventMessage.created(EventMessage.REDRIVE, originals, key, attribute(message, "eTag")));
    }

    private static String key(Message message) throws UnreadableMessageException {
        String encoding = attribute(message, "keyEncoding");
        if (encoding == null) {
            return message.body();
        }
        if (!encoding.equals("percent")) {
            throw new UnreadableMessageException("the encoding of the key is " + encoding + ", which is unknown");
        }
        if (!NOT_PERCENT_ENCODED.matcher(message.body()).find()) {
            byte[] bytes = URLDecoder.decode(message.body(), StandardCharsets.ISO_8859_1)
                    .getBytes(StandardCharsets.ISO_8859_1);
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                // The message below says what is wrong.
            }
        }
        throw new UnreadableMessageException("the key is not percent-encoded UTF-8");
    }

    /**
     * Reads an event that no worker could process. Rejects a message if one of its records names no object: the worker would reject it
     * again, and has already processed the other records on each receive.
     */
    private RedriveMessage readEvent(Message message) throws UnreadableMessageException {
        List<ImageEvent> events;
        try {
            events = ImageEvents.read(message.body());
        } catch (NotAnS3EventException e) {
            throw new UnreadableMessageException(e.getMessage());
        }
        for (ImageEvent event : events) {
            if (event.malformed()) {
                throw new UnreadableMessageException(event.summary());
            }
        }
        Set<String> keys = events.stream()
                .filter(event -> event.key() != null && originals.equals(event.bucket()))
                .map(ImageEvent::key)
                .collect(Collectors.toUnmodifiableSet());
        if (keys.isEmpty()) {
            throw new UnreadableMessageException("it is about no object in " + originals + ": "
                    + events.get(0).summary());
        }
        return new RedriveMessage(message.messageId(), sentAt(message), keys, null, null, message.body());
    }

    private static FailureReason reason(String name) {
        return Arrays.stream(FailureReason.values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElse(FailureReason.InternalError);
    }

    /** Returns when the original failed. The message was sent a moment later, and sooner than any retry could fail again. */
    private static Instant failedAt(Message message) {
        try {
            String time = attribute(message, "failedAt");
            if (time != null) {
                return Instant.parse(time);
            }
        } catch (DateTimeParseException e) {
            // Somebody has sent the message by hand.
        }
        return sentAt(message).equals(Instant.EPOCH) ? Instant.now() : sentAt(message);
    }

    /** Returns when a message was sent. Emulators that do not tell it are treated as if all messages were old. */
    static Instant sentAt(Message message) {
        try {
            return Instant.ofEpochMilli(
                    Long.parseLong(message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP)));
        } catch (NumberFormatException e) {
            return Instant.EPOCH;
        }
    }

    private static String attribute(Message message, String name) {
        MessageAttributeValue value = message.messageAttributes().get(name);
        return value == null ? null : value.stringValue();
    }
}

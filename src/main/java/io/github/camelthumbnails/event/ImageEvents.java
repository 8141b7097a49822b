// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import io.github.camelthumbnails.event.ImageEvent.Kind;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * Reads the messages of the events queue. The shape of a message tells who wrapped it: nobody (S3 sends to the queue itself, or
 * SNS delivers raw messages), SNS, or EventBridge.
 *
 * <p>Only the event's name, the bucket and the key are required. Everything else is informational, and a missing or odd value is
 * read as null: emulators and S3-compatible stores leave fields out or write them in their own way.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">S3's message</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS's messages</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge's message</a>
 */
public final class ImageEvents {

    /** Characters that no form-encoded text holds, so that a key with one of them was not encoded. */
    private static final Pattern NOT_FORM_ENCODED = Pattern.compile("[^!-~]|%(?![0-9A-Fa-f]{2})");

    /** Matches entity tags and versions: printable ASCII, which an SQS message attribute can carry. */
    private static final Pattern IDENTIFIER = Pattern.compile("[!-~]{1,1024}");

    /** An ARN and a token that can be pasted into a shell. */
    private static final Pattern SHELL_SAFE = Pattern.compile("[A-Za-z0-9:._-]{1,1024}");

    private ImageEvents() {}

    /**
     * Reads one message.
     *
     * @param message the body of the SQS message
     * @return one element per record, in their order; a record that names no object is an element of the kind
     *     {@link Kind#MALFORMED}; test events, confirmations and messages without records are one element each
     * @throws NotAnS3EventException if the message is neither an event of S3 nor about events of S3
     */
    public static List<ImageEvent> read(String message) throws NotAnS3EventException {
        JsonNode json = parse(message);
        while (text(json, "Type").equals("Notification")
                && !text(json, "Message").isEmpty()) {
            json = parse(text(json, "Message"));
        }
        Optional<JsonNode> records = json.field("Records");
        if (records.isPresent()) {
            if (!records.get().isArray()) {
                throw new NotAnS3EventException("Records is not a list");
            }
            return records(records.get().asArray());
        }
        if (!text(json, "detail-type").isEmpty()) {
            return List.of(eventBridge(json));
        }
        if (text(json, "Event").equals("s3:TestEvent")) {
            return List.of(testEvent(text(json, "Bucket")));
        }
        if (text(json, "Type").endsWith("Confirmation")) {
            return List.of(subscription(json));
        }
        throw new NotAnS3EventException(
                "it has none of the fields Records, detail-type and Message, and is no s3:TestEvent");
    }

    private static ImageEvent testEvent(String bucket) {
        String ofBucket = bucket.isEmpty() ? "" : " of bucket " + bucket;
        return ImageEvent.withoutObject(Kind.TEST, "S3's test event" + ofBucket + ": S3 can send to the events queue");
    }

    private static JsonNode parse(String message) throws NotAnS3EventException {
        try {
            JsonNode json = message == null ? null : JsonNode.parser().parse(message);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (RuntimeException e) {
            throw new NotAnS3EventException(firstLine(e));
        }
        throw new NotAnS3EventException("it is not a JSON object");
    }

    /** Returns the parser's complaint without the lines about where in its own buffer it was. */
    private static String firstLine(Throwable e) {
        Throwable root = e.getCause() == null ? e : e.getCause();
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    private static List<ImageEvent> records(List<JsonNode> records) {
        if (records.isEmpty()) {
            return List.of(ImageEvent.withoutObject(Kind.EMPTY, "a message without records"));
        }
        List<ImageEvent> events = new ArrayList<>();
        for (JsonNode record : records) {
            String position = "record " + (events.size() + 1) + " of " + records.size() + ": ";
            try {
                events.add(record(record));
            } catch (MalformedRecordException e) {
                events.add(ImageEvent.withoutObject(Kind.MALFORMED, position + e.getMessage()));
            }
        }
        // A message has one outcome, that of its last failed record: a record that can be retried has to decide on it.
        events.sort(Comparator.comparing(event -> !event.malformed()));
        return events;
    }

    /** Reads a record as S3 writes it, with the key form-encoded. */
    private static ImageEvent record(JsonNode record) throws MalformedRecordException {
        String version = optionalText(record, "eventVersion");
        if (version != null && !version.startsWith("2.") && !version.equals("2")) {
            throw new MalformedRecordException("eventVersion " + version + " is not 2.x");
        }
        // Some emulators leave the prefix in, as it is written in a notification configuration.
        String name = requiredText(record, "eventName").replaceFirst("^s3:", "");
        String bucket = requiredText(record, "s3", "bucket", "name");
        String key = checkedKey(decode(requiredText(record, "s3", "object", "key")));
        JsonNode object = node(record, "s3", "object").orElseThrow();
        return ImageEvent.of(
                kind(name, key, size(object)),
                name,
                bucket,
                key,
                identifier(object, "eTag"),
                identifier(object, "versionId"),
                time(record, "eventTime"));
    }

    private static Kind kind(String name, String key, String size) {
        if (name.startsWith("ObjectCreated:")) {
            return isFolder(key, size) ? Kind.FOLDER : Kind.CREATED;
        }
        if (name.startsWith("ObjectRemoved:") || name.startsWith("LifecycleExpiration:")) {
            return Kind.REMOVED;
        }
        return name.equals("ObjectRestore:Completed") ? Kind.RESTORED : Kind.OTHER;
    }

    /** Reads an event as EventBridge passes it on, with the key as it is. */
    private static ImageEvent eventBridge(JsonNode json) throws NotAnS3EventException {
        String name = text(json, "detail-type");
        boolean created = name.equals("Object Created");
        boolean removed = name.equals("Object Deleted");
        boolean restored = name.equals("Object Restore Completed");
        String source = text(json, "source");
        if (!created && !removed && !restored && !source.isEmpty() && !source.equals("aws.s3")) {
            throw new NotAnS3EventException("EventBridge's event " + name + " is of " + source);
        }
        try {
            String bucket = requiredText(json, "detail", "bucket", "name");
            String key = checkedKey(requiredText(json, "detail", "object", "key"));
            JsonNode object = node(json, "detail", "object").orElseThrow();
            Kind kind = Kind.OTHER;
            if (created) {
                kind = isFolder(key, size(object)) ? Kind.FOLDER : Kind.CREATED;
            } else if (removed) {
                kind = Kind.REMOVED;
            } else if (restored) {
                kind = Kind.RESTORED;
            }
            return ImageEvent.of(
                    kind,
                    name,
                    bucket,
                    key,
                    identifier(object, "etag"),
                    identifier(object, "version-id"),
                    time(json, "time"));
        } catch (MalformedRecordException e) {
            return created || removed || restored
                    ? ImageEvent.withoutObject(Kind.MALFORMED, e.getMessage())
                    : ImageEvent.withoutObject(Kind.OTHER, "EventBridge's event " + name);
        }
    }

    /** An empty object whose key ends in a slash. If nobody says the size, it is an object like any other. */
    private static boolean isFolder(String key, String size) {
        return key.endsWith("/") && "0".equals(size);
    }

    /** Says what to do about a message of SNS that is about the subscription of the queue. */
    private static ImageEvent subscription(JsonNode json) {
        String type = text(json, "Type");
        String topic = text(json, "TopicArn");
        String token = text(json, "Token");
        boolean printable =
                SHELL_SAFE.matcher(topic).matches() && SHELL_SAFE.matcher(token).matches();
        String start = "SNS's " + type + " of topic " + topic + ": ";
        String advice;
        if (!type.equals("SubscriptionConfirmation")) {
            advice = "it sends no more events. If nobody meant to end the subscription, subscribe the queue again";
        } else if (printable) {
            advice = "it sends no events before you confirm the subscription."
                    + " Run: aws sns confirm-subscription --topic-arn " + topic + " --token " + token;
        } else {
            advice = "it sends no events before the subscription is confirmed."
                    + " Subscribe the queue from the account that owns it, which needs no confirmation";
        }
        return ImageEvent.withoutObject(Kind.SUBSCRIPTION, start + advice);
    }

    /**
     * Decodes a key that S3 has form-encoded. Some emulators do not encode keys; where a key cannot be the result of encoding, it
     * is taken as it is. A plus sign or a valid escape in a key that nobody encoded cannot be told from an encoded key.
     */
    private static String decode(String key) {
        if (NOT_FORM_ENCODED.matcher(key).find()) {
            return key;
        }
        byte[] bytes = URLDecoder.decode(key, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return key;
        }
    }

    /** Refuses half of a surrogate pair: S3's keys are UTF-8, so there can be no such object. */
    private static String checkedKey(String key) throws MalformedRecordException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            throw new MalformedRecordException("the object key is not valid Unicode");
        }
        return key;
    }

    private static String requiredText(JsonNode json, String... path) throws MalformedRecordException {
        return node(json, path)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new MalformedRecordException(String.join(".", path) + " is missing or empty"));
    }

    private static Optional<JsonNode> node(JsonNode json, String... path) {
        Optional<JsonNode> node = Optional.of(json);
        for (String field : path) {
            node = node.filter(JsonNode::isObject).flatMap(parent -> parent.field(field));
        }
        return node;
    }

    /** Returns the text of a field, empty if the field is missing or no text. */
    private static String text(JsonNode json, String field) {
        return node(json, field)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .orElse("");
    }

    /** Returns the text of a string or number, or null. */
    private static String optionalText(JsonNode json, String field) {
        return node(json, field).map(JsonNode::text).orElse(null);
    }

    private static String size(JsonNode object) {
        return optionalText(object, "size");
    }

    /** Returns an entity tag or a version, or null if it cannot be one. Some emulators keep the quotes of the HTTP header. */
    private static String identifier(JsonNode object, String field) {
        String text = text(object, field).replace("\"", "");
        return IDENTIFIER.matcher(text).matches() ? text : null;
    }

    /** Returns the time, in UTC if its zone is missing, or null if it is not in the form of ISO 8601. */
    private static Instant time(JsonNode json, String field) {
        try {
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text(json, field), ZonedDateTime::from, LocalDateTime::from);
            return time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : Instant.from(time);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Says why a record names no object. */
    private static final class MalformedRecordException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedRecordException(String message) {
            super(message, null, false, false);
        }
    }
}

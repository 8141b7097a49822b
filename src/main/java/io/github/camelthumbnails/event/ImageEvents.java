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
 * Parses messages of the events queue into {@link ImageEvent}s. Recognises three envelopes by their fields: none (S3 sends to the
 * queue directly, or SNS delivers raw messages), SNS, and EventBridge.
 *
 * <p>Only the event name, the bucket and the key are required. Any other value that is missing or malformed is read as null,
 * because emulators and S3-compatible stores omit fields or format them differently.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">S3's message</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS's messages</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge's message</a>
 */
public final class ImageEvents {

    /** Matches anything that cannot occur in form-encoded text, so that a key with a match was not encoded. */
    private static final Pattern NOT_FORM_ENCODED = Pattern.compile("[^!-~]|%(?![0-9A-Fa-f]{2})");

    /** Matches valid entity tags and version ids: printable ASCII, which SQS allows in message attributes. */
    private static final Pattern IDENTIFIER = Pattern.compile("[!-~]{1,1024}");

    /** Matches ARNs and tokens that are safe to paste into a shell. */
    private static final Pattern SHELL_SAFE = Pattern.compile("[A-Za-z0-9:._-]{1,1024}");

    private ImageEvents() {}

    /**
     * Parses one message.
     *
     * @param message the body of the SQS message
     * @return one event per record, {@link Kind#MALFORMED} ones first; one event for a message without records, such as a test
     *     event or a subscription confirmation
     * @throws NotAnS3EventException if the message is neither an S3 event notification nor about such notifications
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
                "it has none of the fields Records, detail-type and Message, and is not an s3:TestEvent");
    }

    private static ImageEvent testEvent(String bucket) {
        String ofBucket = bucket.isEmpty() ? "" : " of bucket " + bucket;
        return ImageEvent.withoutObject(
                Kind.TEST, "the S3 test event" + ofBucket + ": S3 is able to send events to the queue");
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

    /** Returns the first line of the parser's message: the others are about positions in its own buffer. */
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
        // The last record that fails decides about the whole message. Records that can be retried therefore come last.
        events.sort(Comparator.comparing(event -> !event.malformed()));
        return events;
    }

    /** Parses a record of an S3 message, whose key is form-encoded. */
    private static ImageEvent record(JsonNode record) throws MalformedRecordException {
        String version = optionalText(record, "eventVersion");
        if (version != null && !version.startsWith("2.") && !version.equals("2")) {
            throw new MalformedRecordException("eventVersion " + version + " is not 2.x");
        }
        // Some emulators keep the prefix s3: of the notification configuration.
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

    /** Parses an EventBridge event, whose key is not encoded. */
    private static ImageEvent eventBridge(JsonNode json) throws NotAnS3EventException {
        String name = text(json, "detail-type");
        boolean created = name.equals("Object Created");
        boolean removed = name.equals("Object Deleted");
        boolean restored = name.equals("Object Restore Completed");
        String source = text(json, "source");
        if (!created && !removed && !restored && !source.isEmpty() && !source.equals("aws.s3")) {
            throw new NotAnS3EventException("the source of the EventBridge event " + name + " is " + source);
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
                    : ImageEvent.withoutObject(Kind.OTHER, "the EventBridge event " + name);
        }
    }

    /** Returns whether an object represents a folder: it is empty and its key ends in a slash. If the size is unknown, it does not. */
    private static boolean isFolder(String key, String size) {
        return key.endsWith("/") && "0".equals(size);
    }

    /** Creates an event for an SNS message about the queue's subscription. Its note says what to do. */
    private static ImageEvent subscription(JsonNode json) {
        String type = text(json, "Type");
        String topic = text(json, "TopicArn");
        String token = text(json, "Token");
        boolean printable =
                SHELL_SAFE.matcher(topic).matches() && SHELL_SAFE.matcher(token).matches();
        String start = "SNS sent " + type + " for topic " + topic + ": ";
        String advice;
        if (!type.equals("SubscriptionConfirmation")) {
            advice = "the topic sends no more events. If this is unintended, subscribe the queue again";
        } else if (printable) {
            advice = "the topic sends no events before you confirm the subscription."
                    + " Run: aws sns confirm-subscription --topic-arn " + topic + " --token " + token;
        } else {
            advice = "the topic sends no events before the subscription is confirmed."
                    + " Subscribe the queue from the account that owns it, which needs no confirmation";
        }
        return ImageEvent.withoutObject(Kind.SUBSCRIPTION, start + advice);
    }

    /**
     * Decodes a form-encoded object key. Some emulators do not encode keys: a key that cannot be the result of encoding is
     * returned unchanged. Any other unencoded key with a plus sign or a percent sign is decoded, because it looks encoded.
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

    /** Rejects a key with half of a surrogate pair: S3 keys are UTF-8, so no such object can exist. */
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

    /** Returns the value of a string field, or an empty string if it is missing or not a string. */
    private static String text(JsonNode json, String field) {
        return node(json, field)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .orElse("");
    }

    /** Returns the value of a string or number field as text, or null if it is missing. */
    private static String optionalText(JsonNode json, String field) {
        return node(json, field).map(JsonNode::text).orElse(null);
    }

    private static String size(JsonNode object) {
        return optionalText(object, "size");
    }

    /** Returns an entity tag or version id, or null if it is invalid. Removes the quotes that some emulators add. */
    private static String identifier(JsonNode object, String field) {
        String text = text(object, field).replace("\"", "");
        return IDENTIFIER.matcher(text).matches() ? text : null;
    }

    /** Parses an ISO 8601 time, in UTC if it has no zone. Returns null if it is invalid. */
    private static Instant time(JsonNode json, String field) {
        try {
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text(json, field), ZonedDateTime::from, LocalDateTime::from);
            return time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : Instant.from(time);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Thrown when a record names no object. */
    private static final class MalformedRecordException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedRecordException(String message) {
            super(message, null, false, false);
        }
    }
}

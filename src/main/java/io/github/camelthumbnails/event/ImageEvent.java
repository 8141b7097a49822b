// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.time.Instant;
import java.util.Locale;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;

/**
 * Describes one record of a message on the events queue: what happened to which object.
 *
 * <p>Some messages are not about an object, such as a test event. They have a note instead of a bucket and a key.
 *
 * @param kind what the event means for a thumbnail
 * @param name the event name without {@code s3:}, such as {@code ObjectCreated:Put}, or the detail type of EventBridge
 * @param bucket the bucket name, or null if there is no object
 * @param key the decoded object key, or null if there is no object
 * @param eTag the entity tag that the object had, or null if the event has none, as for removals
 * @param versionId the object version, or null in a bucket without versioning
 * @param time when it happened, or null if unknown
 * @param note the log text for an event without an object, otherwise null
 */
public record ImageEvent(
        Kind kind, String name, String bucket, String key, String eTag, String versionId, Instant time, String note) {

    /** Classifies events by what they mean for the thumbnail of the object. */
    public enum Kind {
        /** An object was created by put, post, copy or multipart upload. */
        CREATED,
        /** An archived object was restored, so it can be read again. */
        RESTORED,
        /** An object was removed by a request or by a lifecycle rule. */
        REMOVED,
        /** An empty object was created whose key ends in a slash. Tools create such objects to show an empty folder. */
        FOLDER,
        /** Something else happened to an object, for example its tags changed. */
        OTHER,
        /** S3 sent a test event, because bucket notifications were configured. */
        TEST,
        /** The message contains no records. */
        EMPTY,
        /** SNS reports that a subscription is waiting for confirmation or has ended. */
        SUBSCRIPTION,
        /** The record names no object. Its message must end in the dead-letter queue. */
        MALFORMED;

        /** Returns the kind as metrics and logs show it, in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Creates an event about an object. */
    static ImageEvent of(
            Kind kind, String name, String bucket, String key, String eTag, String versionId, Instant time) {
        return new ImageEvent(kind, name, bucket, key, eTag, versionId, time, null);
    }

    /** Creates an event without an object. */
    static ImageEvent withoutObject(Kind kind, String note) {
        return new ImageEvent(kind, null, null, null, null, null, null, note);
    }

    /**
     * Sets the exchange properties that the routes work with: {@code event}, {@code bucket}, {@code objectKey},
     * {@code eventId}, which identifies the event through all its deliveries, and {@code messageId} and {@code startedAt}
     * (of {@link System#nanoTime}) for the log.
     *
     * @param index of the event in its message
     */
    public static void setProperties(
            Exchange exchange,
            @Body ImageEvent event,
            @Header(Sqs2Constants.MESSAGE_ID) String messageId,
            @ExchangeProperty("CamelSplitIndex") int index) {
        exchange.setProperty("event", event);
        exchange.setProperty("bucket", event.bucket);
        exchange.setProperty("objectKey", event.key);
        exchange.setProperty("eventId", messageId + "/" + index);
        exchange.setProperty("messageId", messageId);
        exchange.setProperty("startedAt", System.nanoTime());
    }

    /** Returns whether the key may have a new original: one that was created or restored. */
    public boolean created() {
        return kind == Kind.CREATED || kind == Kind.RESTORED;
    }

    /** Returns whether a redrive or a reconcile has sent the event. Such an event does not announce a new original. */
    public boolean repairs() {
        return ("ObjectCreated:" + EventMessage.REDRIVE).equals(name)
                || ("ObjectCreated:" + EventMessage.RECONCILE).equals(name);
    }

    /** Returns whether an object was removed by a request or by a lifecycle rule. */
    public boolean removed() {
        return kind == Kind.REMOVED;
    }

    /** Returns whether the object is an empty one that represents a folder. */
    public boolean folder() {
        return kind == Kind.FOLDER;
    }

    /** Returns whether the record names no object, so that its message must not be acknowledged. */
    public boolean malformed() {
        return kind == Kind.MALFORMED;
    }

    /** Returns whether SNS sent the message about the subscription itself. */
    public boolean subscription() {
        return kind == Kind.SUBSCRIPTION;
    }

    /** Describes the event for the log, without a full stop. */
    public String summary() {
        return note == null ? name + " of " + key + " in bucket " + bucket : note;
    }
}

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
 * One event of a message on the events queue: something happened to this object key.
 *
 * <p>An element without an object, such as a test event, has no bucket and no key, but a note.
 *
 * @param kind what the event means for a thumbnail
 * @param name the event's name without {@code s3:}, such as {@code ObjectCreated:Put}, or EventBridge's detail type
 * @param bucket the bucket's name, or null if the event is about no object
 * @param key the object key, decoded, or null if the event is about no object
 * @param eTag the entity tag at that time, or null: removals have none
 * @param versionId the object's version, or null in a bucket without versions
 * @param time when S3 saw it, or null
 * @param note what the log says about an event without an object, else null
 */
public record ImageEvent(
        Kind kind, String name, String bucket, String key, String eTag, String versionId, Instant time, String note) {

    /** The meaning of an event for the thumbnail of its key. */
    public enum Kind {
        /** An object was written, by whatever means: put, post, copy or multipart upload. */
        CREATED,
        /** An archived object can be read again. */
        RESTORED,
        /** An object was removed, by somebody or by a lifecycle rule. */
        REMOVED,
        /** An empty object was written whose key ends in a slash. Tools write such objects to show an empty folder. */
        FOLDER,
        /** Something else happened to an object, for example its tags changed. */
        OTHER,
        /** S3 sends a test event when somebody configures a notification. */
        TEST,
        /** A message without any record. */
        EMPTY,
        /** SNS says that a subscription waits for its confirmation or has ended. */
        SUBSCRIPTION,
        /** The record names no object. Its message has to end in the dead-letter queue. */
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

    /** Creates an element that is about no object. */
    static ImageEvent withoutObject(Kind kind, String note) {
        return new ImageEvent(kind, null, null, null, null, null, null, note);
    }

    /**
     * Sets the exchange properties that the routes work with: {@code event}, {@code bucket}, {@code objectKey} and {@code eventId}, which
     * identifies the event through all its deliveries.
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
    }

    /** Returns whether there may be a new original under the key: one that was written or restored. */
    public boolean created() {
        return kind == Kind.CREATED || kind == Kind.RESTORED;
    }

    /** Returns whether an object was removed, by somebody or by a lifecycle rule. */
    public boolean removed() {
        return kind == Kind.REMOVED;
    }

    /** Returns whether the object is an empty one that stands for a folder. */
    public boolean folder() {
        return kind == Kind.FOLDER;
    }

    /** Returns whether the record names no object, so that its message must not be acknowledged. */
    public boolean malformed() {
        return kind == Kind.MALFORMED;
    }

    /** Returns whether it is a message of SNS about the subscription itself. */
    public boolean subscription() {
        return kind == Kind.SUBSCRIPTION;
    }

    /** Returns what the log says about the event: one sentence without its full stop. */
    public String summary() {
        return note == null ? name + " of " + key + " in bucket " + bucket : note;
    }
}

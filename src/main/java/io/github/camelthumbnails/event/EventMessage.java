// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/** Writes the S3 event notifications of repairs, which make workers create the renditions of an original again or remove them. */
public final class EventMessage {

    /** The cause of the events that a redrive sends for failed originals. */
    public static final String REDRIVE = "Redrive";

    /** The cause of the events that a reconcile sends to fill gaps. */
    public static final String RECONCILE = "Reconcile";

    private EventMessage() {}

    /**
     * Returns a message that says an original was created. It has no time, so that the delay of the event is not measured.
     *
     * @param cause why the event is sent, in one word for the log, such as {@code Redrive}
     * @param eTag the entity tag of the original, or null if unknown
     */
    public static String created(String cause, String bucket, String key, String eTag) {
        return message("ObjectCreated:" + cause, bucket, key, eTag);
    }

    /**
     * Returns a message that says an original was removed. If the original still exists, its renditions are created again.
     *
     * @param cause why the event is sent, in one word for the log, such as {@code Reconcile}
     */
    public static String removed(String cause, String bucket, String key) {
        return message("ObjectRemoved:" + cause, bucket, key, null);
    }

    private static String message(String name, String bucket, String key, String eTag) {
        JsonWriter json = JsonWriter.create();
        json.writeStartObject().writeFieldName("Records").writeStartArray().writeStartObject();
        json.writeFieldName("eventVersion").writeValue("2.1");
        json.writeFieldName("eventSource").writeValue("aws:s3");
        json.writeFieldName("eventName").writeValue(name);
        json.writeFieldName("s3").writeStartObject();
        json.writeFieldName("bucket")
                .writeStartObject()
                .writeFieldName("name")
                .writeValue(bucket)
                .writeEndObject();
        json.writeFieldName("object").writeStartObject();
        json.writeFieldName("key").writeValue(URLEncoder.encode(key, StandardCharsets.UTF_8));
        if (eTag != null) {
            json.writeFieldName("eTag").writeValue(eTag);
        }
        json.writeEndObject().writeEndObject().writeEndObject().writeEndArray().writeEndObject();
        return new String(json.getBytes(), StandardCharsets.UTF_8);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import java.util.List;
import software.amazon.awssdk.eventnotifications.s3.model.S3;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotification;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotificationRecord;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * Reads what S3 writes into an SQS queue.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">Event message
 *     structure</a>
 */
public final class ImageEvents {

    private ImageEvents() {}

    /**
     * Reads the records of one message.
     *
     * @param message the body of the SQS message
     * @return the records in their order; one without a key for {@code s3:TestEvent}, which S3 sends when a notification is
     *     configured
     * @throws NotAnS3EventException if S3 cannot have written the message
     */
    public static List<ImageEvent> read(String message) throws NotAnS3EventException {
        try {
            List<S3EventNotificationRecord> records =
                    S3EventNotification.fromJson(message).getRecords();
            if (records != null) {
                return records.stream().map(ImageEvents::event).toList();
            }
            JsonNode json = JsonNode.parser().parse(message);
            if (text(json, "Event").equals("s3:TestEvent")) {
                return List.of(new ImageEvent("TestEvent", text(json, "Bucket"), "", null, null, null));
            }
        } catch (RuntimeException e) {
            throw new NotAnS3EventException(firstLine(e));
        }
        throw new NotAnS3EventException("neither Records nor s3:TestEvent in it");
    }

    /** A parser wraps its complaint and adds lines about where in its own buffer it was. */
    private static String firstLine(Throwable e) {
        Throwable root = e.getCause() == null ? e : e.getCause();
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    private static ImageEvent event(S3EventNotificationRecord record) {
        String version = record.getEventVersion();
        if (!version.startsWith("2.")) {
            throw new IllegalArgumentException("eventVersion " + version + " is not 2.x");
        }
        S3 s3 = record.getS3();
        return new ImageEvent(
                // Some emulators leave the prefix in, as it is written in a notification configuration.
                record.getEventName().replaceFirst("^s3:", ""),
                s3.getBucket().getName(),
                s3.getObject().getUrlDecodedKey(),
                s3.getObject().getETag(),
                s3.getObject().getVersionId(),
                record.getEventTime());
    }

    private static String text(JsonNode json, String field) {
        return json.field(field)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .orElse("");
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.record;

import io.github.camelthumbnails.event.ImageEvent;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Detects that an original was created, replaced or removed while the route {@code update-thumbnail} was working on it.
 *
 * <p>The exchange property {@code outdated} tells the route whether to start over. The class also decides whether a recorded
 * failure belongs to an original that is gone.
 */
public final class ThumbnailUpdate {

    private final S3Client s3;
    private final String originals;

    /** @param originals the name of the originals bucket */
    public ThumbnailUpdate(S3Client s3, String originals) {
        this.s3 = s3;
        this.originals = originals;
    }

    /**
     * Starts an attempt: counts it, and forgets what an attempt that failed has found. The count is kept in the exchange property
     * {@code attempts}, because Camel's own counter is gone when a failure is reported.
     */
    public void start(Exchange exchange) {
        int attempts = exchange.getProperty("attempts", 0, Integer.class) + 1;
        exchange.setProperty("attempts", Integer.toString(attempts));
        startOver(exchange);
    }

    /**
     * Compares the original with the one that the work was done for, whose entity tag is in the variable {@code sourceETag}
     * (null if there was no original). If they differ, the work has to be done again.
     */
    public void compareOriginal(Exchange exchange) {
        exchange.setProperty(Exchange.TO_ENDPOINT, "aws2-s3://" + originals); // for the log, if S3 fails
        String presentETag = eTag(exchange.getProperty("objectKey", String.class));
        if (Objects.equals(presentETag, exchange.getVariable("sourceETag", String.class))) {
            exchange.setProperty("outdated", false);
        } else {
            startOver(exchange);
        }
    }

    /**
     * Returns whether there is no original, so that the recorded failure of an older one must be deleted. Returns false for the event of an
     * upload: if its original is gone, that is reported as a failure. The event of a repair does not announce an upload: its original was
     * removed after it had failed or was listed.
     */
    public static boolean foundNone(
            @ExchangeProperty("event") ImageEvent event,
            @ExchangeProperty("problem") Exception problem,
            @Variable("sourceETag") String sourceETag) {
        return problem != null && (!event.created() || event.repairs()) && (sourceETag == null || event.folder());
    }

    /** Returns whether an original that was created, or is to be repaired, can have no thumbnail. */
    public static boolean isFailure(
            @ExchangeProperty("event") ImageEvent event,
            @ExchangeProperty("problem") Exception problem,
            @Variable("sourceETag") String sourceETag) {
        return problem != null && event.created() && !foundNone(event, problem, sourceETag);
    }

    /** Returns whether the event has found an original that is not usable. */
    public static boolean foundUnusable(
            @ExchangeProperty("problem") Exception problem, @Variable("sourceETag") String sourceETag) {
        return problem != null && sourceETag != null;
    }

    /** Returns whether there is no original now, or only the folder that the event is about. */
    public boolean isGone(
            @ExchangeProperty("objectKey") String objectKey, @ExchangeProperty("event") ImageEvent event) {
        try {
            HeadObjectResponse present =
                    s3.headObject(request -> request.bucket(originals).key(objectKey));
            return event.folder() && present.contentLength() == 0;
        } catch (NoSuchKeyException e) {
            return true;
        }
    }

    private static void startOver(Exchange exchange) {
        exchange.setProperty("outdated", true);
        exchange.removeProperty("problem");
        exchange.removeProperty("ignored");
        List.of("sourceETag", "sourceVersionId", "sourceSize", "renditions").forEach(exchange::removeVariable);
    }

    /** Returns the entity tag of the present original, or null if there is none. */
    private String eTag(String objectKey) {
        try {
            return s3.headObject(request -> request.bucket(originals).key(objectKey))
                    .eTag();
        } catch (NoSuchKeyException e) {
            return null;
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.http.InterruptedDownloadException;
import io.github.camelthumbnails.http.InvalidBody;
import io.github.camelthumbnails.observe.Meters.UploadOutcome;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.event.Level;

/**
 * The end of an HTTP request, as its log line describes it.
 *
 * @param outcome whether it succeeded, and otherwise whose fault it was
 * @param status the status of the response, or null if the response is not complete
 * @param reason the reason of a failure
 */
record Ending(UploadOutcome outcome, Integer status, String reason) {

    /**
     * Returns the end of a request.
     *
     * @param isDisconnected whether its connection was closed before the end of the response
     */
    static Ending of(RoutingContext routing, boolean isDisconnected) {
        if (!isDisconnected) {
            int status = routing.response().getStatusCode();
            return new Ending(outcome(status), status, routing.response().getStatusMessage());
        }
        String problem = InvalidBody.problemOf(routing.request());
        if (problem != null) {
            return new Ending(UploadOutcome.REFUSED, 400, problem);
        }
        if (routing.failure() instanceof InterruptedDownloadException interruption) {
            return new Ending(UploadOutcome.UNAVAILABLE, null, interruption.getMessage());
        }
        return new Ending(UploadOutcome.ABORTED, null, null);
    }

    /** Returns who is at fault. 501 and 505 mean that a client asks for what there never will be. */
    private static UploadOutcome outcome(int status) {
        if (status < 400) {
            return UploadOutcome.STORED;
        }
        return status < 500 || status == 501 || status == 505 ? UploadOutcome.REFUSED : UploadOutcome.UNAVAILABLE;
    }

    Level level(boolean isUpload) {
        return switch (outcome) {
            case STORED, ABORTED -> isUpload ? Level.INFO : Level.DEBUG;
            case REFUSED -> Level.INFO;
            case UNAVAILABLE -> Level.WARN;
        };
    }

    String action(boolean isUpload) {
        return switch (outcome) {
            case STORED -> isUpload ? "uploaded" : "read";
            case ABORTED -> "aborted";
            case REFUSED -> "rejected";
            case UNAVAILABLE -> isInterrupted() ? "interrupted" : "rejected";
        };
    }

    String result() {
        return switch (outcome) {
            case STORED -> "success";
            case ABORTED -> "unknown";
            case REFUSED, UNAVAILABLE -> "failure";
        };
    }

    String message(boolean isUpload, String detail) {
        return switch (outcome) {
            case STORED -> isUpload ? "Uploaded" : "Read";
            case ABORTED -> "Aborted: the client has disconnected";
            case REFUSED, UNAVAILABLE -> (isInterrupted() ? "Interrupted: " : "Rejected: ") + detail;
        };
    }

    private boolean isInterrupted() {
        return outcome == UploadOutcome.UNAVAILABLE && status == null;
    }
}

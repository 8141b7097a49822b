// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;

/**
 * Opens the body of an upload as a stream of known length that the S3 component passes on while it comes in. A body handler of
 * the HTTP server would hold it all in memory, and would read a body of type {@code application/x-www-form-urlencoded}, which
 * is what curl claims for any file, as a form.
 */
public final class UploadBody implements Processor {

    /** How long a client may send nothing at all. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    /** How long a client may go on sending what has been refused. */
    private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(5);

    private final long maxBytes;

    /** @param maxBytes the largest body to accept */
    public UploadBody(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void process(Exchange exchange) throws UploadRefusedException {
        HttpServerRequest request = exchange.getMessage().getBody(HttpServerRequest.class);
        long length = length(request.getHeader("Content-Length"), request.getHeader("Transfer-Encoding"));
        exchange.getMessage().setBody(new RequestStream(request, IDLE_TIMEOUT));
        exchange.getMessage().setHeader(AWS2S3Constants.CONTENT_LENGTH, length);
    }

    /**
     * Reads the declared length.
     *
     * @throws UploadRefusedException if it is missing, zero or over the limit
     */
    long length(String contentLength, String transferEncoding) throws UploadRefusedException {
        if (contentLength == null && transferEncoding != null) {
            throw UploadRefusedException.lengthRequired("Send a Content-Length: S3 wants to know it beforehand");
        }
        if (contentLength != null && !contentLength.matches("\\d{1,18}")) {
            throw UploadRefusedException.badRequest("The Content-Length is not a number of bytes");
        }
        long length = contentLength == null ? 0 : Long.parseLong(contentLength);
        if (length == 0) {
            throw UploadRefusedException.badRequest("The body is empty: send the picture's bytes");
        }
        if (length > maxBytes) {
            throw UploadRefusedException.contentTooLarge(
                    "The body has " + length + " bytes: at most " + maxBytes + " are taken (upload.maxBytes)");
        }
        return length;
    }

    /**
     * Drops what is left of a body that is not wanted, so that the client reads the answer. To close the connection at once
     * would let the client see a reset in its place.
     *
     * @param request a request that is being answered
     */
    public static void discard(@ExchangeProperty("request") HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        try {
            request.exceptionHandler(e -> {
                // The client left: nothing is lost.
            });
            request.handler(buffer -> {
                // Dropped.
            });
            request.resume();
        } catch (IllegalStateException e) {
            return; // It has ended in between.
        }
        Vertx.currentContext().owner().setTimer(TimeUnit.MILLISECONDS.convert(DISCARD_TIMEOUT), timer -> {
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
    }
}

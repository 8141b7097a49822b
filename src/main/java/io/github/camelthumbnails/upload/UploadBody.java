// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.AwsSdkAnswer;
import io.github.camelthumbnails.http.ObjectAddress;
import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Opens the body of an upload as a stream that is passed on to S3 while it comes in, and reads what is said of it. A body handler of
 * the HTTP server would hold it all in memory, and would read a body of type {@code application/x-www-form-urlencoded}, which
 * is what curl claims for any file, as a form.
 */
public final class UploadBody implements Processor {

    /** How long a client may go on sending what has been refused. */
    private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(5);

    private final long maxBytes;
    private final Duration idleTimeout;
    private final UploadSlots uploads;
    private final UploadSlots transfers;
    private final BodyMemory memory;

    /**
     * @param maxBytes the largest body to accept
     * @param idleTimeout how long a client may send nothing at all
     * @param uploads that may be under way
     * @param transfers of these that may go to S3 while they still come in
     * @param memory for what is received before, in bytes
     */
    public UploadBody(long maxBytes, Duration idleTimeout, UploadSlots uploads, UploadSlots transfers, long memory) {
        this.maxBytes = maxBytes;
        this.idleTimeout = idleTimeout;
        this.uploads = uploads;
        this.transfers = transfers;
        this.memory = new BodyMemory(memory);
    }

    /**
     * Receives a body, or its beginning if it is large.
     *
     * @throws RequestRefusedException if it is not as it may be, or if there are too many
     * @throws IOException if it does not come in as it should; its cause is a {@link RequestRefusedException}
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException, IOException {
        HttpServerRequest request = exchange.getMessage().getBody(HttpServerRequest.class);
        long length = length(request);
        Set<String> trailers = AwsChunkedDecoder.announcedTrailers(request.headers());
        Checksums checksums = new Checksums(request.headers(), trailers);
        AwsChunkedDecoder decoder =
                AwsChunkedDecoder.isNeeded(request.headers()) ? new AwsChunkedDecoder(length, trailers) : null;
        RequestStream stream = new RequestStream(request, length, maxBytes, checksums, decoder, idleTimeout);
        exchange.setProperty("upload", stream);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                stream.giveBack();
                transfers.giveBack(stream);
                uploads.giveBack(stream);
            }
        });
        uploads.take(stream);
        stream.open();
        stream.receiveAhead(MultipartUpload.PART_BYTES, memory);
        if (!stream.isComplete()) {
            transfers.take(stream);
        }
        exchange.getMessage().setBody(stream);
        if (stream.length() == 0) {
            throw empty();
        }
        if (stream.length() > 0) {
            exchange.getMessage().setHeader(AWS2S3Constants.CONTENT_LENGTH, stream.length());
        }
    }

    private long length(HttpServerRequest request) throws RequestRefusedException {
        if (AwsChunkedDecoder.isNeeded(request.headers())) {
            return decodedLength(AwsChunkedDecoder.decodedLength(request.headers()));
        }
        String decodedLength = AwsChunkedDecoder.decodedLength(request.headers());
        if (decodedLength != null && !decodedLength.equals(request.getHeader("Content-Length"))) {
            // A proxy that removed Content-Encoding would let the framing be stored as if it were the picture.
            throw RequestRefusedException.invalidRequest(
                    "x-amz-decoded-content-length belongs to an aws-chunked body, but"
                            + " Content-Encoding does not say aws-chunked. Send both headers or neither.");
        }
        return length(request.getHeader("Content-Length"), request.getHeader("Transfer-Encoding") != null);
    }

    private long decodedLength(String length) throws RequestRefusedException {
        if (length == null) {
            throw RequestRefusedException.lengthRequired("An aws-chunked body needs the length of its data in"
                    + " x-amz-decoded-content-length. Tell your SDK the content length.");
        }
        return length(length, false);
    }

    /**
     * Reads the announced length.
     *
     * @return -1 if there is none and the body tells itself where it ends
     * @throws RequestRefusedException if it is zero or over the limit
     */
    long length(String contentLength, boolean ofUnknownLength) throws RequestRefusedException {
        if (contentLength == null && ofUnknownLength) {
            return -1;
        }
        if (contentLength != null && !contentLength.matches("\\d{1,18}")) {
            throw RequestRefusedException.badRequest("The length of the body is not a number of bytes");
        }
        long length = contentLength == null ? 0 : Long.parseLong(contentLength);
        if (length == 0) {
            throw empty();
        }
        if (length > maxBytes) {
            throw RequestRefusedException.contentTooLarge(
                    "The body has " + length + " bytes: at most " + maxBytes + " are taken (upload.maxBytes)");
        }
        return length;
    }

    private static RequestRefusedException empty() {
        return RequestRefusedException.badRequest("The body is empty: send the picture's bytes");
    }

    /** The answer: what was stored, in JSON, and where to ask what becomes of it. */
    public static void answer(
            Exchange exchange,
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("bucket") String bucket,
            @ExchangeProperty("objectKey") String objectKey,
            @Header(AWS2S3Constants.E_TAG) String eTag) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setHeader("ETag", eTag);
        message.setHeader("Location", ObjectAddress.pathOf(request.uri()) + "?status");
        if (AwsSdkAnswer.isExpected(request)) {
            message.setHeader(AwsSdkAnswer.REQUEST_ID, exchange.getExchangeId());
            message.setBody(null);
            return;
        }
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(new JsonObject()
                .put("bucket", bucket)
                .put("key", objectKey)
                .put("eTag", eTag)
                .put(
                        "bytes",
                        exchange.getProperty("upload", RequestStream.class).total())
                .encode());
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

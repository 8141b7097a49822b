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
 * Checks the headers of an upload and opens its body as a stream, which is passed on to S3 while it is being received.
 * A body handler of the HTTP server would instead hold the whole body in memory, and would parse
 * {@code application/x-www-form-urlencoded}, the type that curl sends for any file, as a form.
 */
public final class UploadBody implements Processor {

    /** How long a client may keep sending a body after the request was refused. */
    private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(5);

    private final long maxBytes;
    private final Duration idleTimeout;
    private final UploadSlots uploadSlots;
    private final UploadSlots transferSlots;
    private final BodyMemory memory;

    /**
     * @param maxBytes the largest body to accept
     * @param idleTimeout how long a client may send nothing at all
     * @param uploadSlots limits the number of concurrent uploads
     * @param transferSlots limits how many of them stream to S3 while they are still being received
     * @param memoryBytes limits the memory for bytes that were received before their transfer to S3
     */
    public UploadBody(
            long maxBytes, Duration idleTimeout, UploadSlots uploadSlots, UploadSlots transferSlots, long memoryBytes) {
        this.maxBytes = maxBytes;
        this.idleTimeout = idleTimeout;
        this.uploadSlots = uploadSlots;
        this.transferSlots = transferSlots;
        this.memory = new BodyMemory(memoryBytes);
    }

    /**
     * Receives a small body completely or the beginning of a large one, and sets the message body to the stream.
     *
     * @throws RequestRefusedException if the headers are not valid or there are too many concurrent uploads
     * @throws IOException if the body is not as announced, or the client is too slow or disconnects; its cause is a
     *     {@link RequestRefusedException}
     */
    @Override
    public void process(Exchange exchange) throws RequestRefusedException, IOException {
        HttpServerRequest request = exchange.getMessage().getBody(HttpServerRequest.class);
        long length = announcedLength(request);
        Set<String> trailers = AwsChunkedDecoder.announcedTrailers(request.headers());
        Checksums checksums = new Checksums(request.headers(), trailers);
        AwsChunkedDecoder decoder =
                AwsChunkedDecoder.isNeeded(request.headers()) ? new AwsChunkedDecoder(length, trailers) : null;
        RequestStream stream = new RequestStream(request, length, maxBytes, checksums, decoder, idleTimeout);
        exchange.setProperty("upload", stream);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                stream.releaseMemory();
                transferSlots.release(stream);
                uploadSlots.release(stream);
            }
        });
        uploadSlots.acquire(stream);
        stream.open();
        stream.receiveAhead(MultipartUpload.PART_BYTES, memory);
        if (!stream.isComplete()) {
            transferSlots.acquire(stream);
        }
        exchange.getMessage().setBody(stream);
        if (stream.length() == 0) {
            throw empty();
        }
        if (stream.length() > 0) {
            exchange.getMessage().setHeader(AWS2S3Constants.CONTENT_LENGTH, stream.length());
        }
    }

    /** Returns the number of uploads that are being received or stored. */
    public int uploadsInFlight() {
        return uploadSlots.used();
    }

    /** Returns the maximum number of concurrent uploads. */
    public long maxUploads() {
        return uploadSlots.count();
    }

    /** Returns the number of bytes that were received, without the framing of an {@code aws-chunked} body, or null if none was read. */
    public static Long receivedBytes(Exchange exchange) {
        RequestStream stream = exchange.getProperty("upload", RequestStream.class);
        return stream == null ? null : stream.receivedBytes();
    }

    private long announcedLength(HttpServerRequest request) throws RequestRefusedException {
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
        return parseLength(request.getHeader("Content-Length"), request.getHeader("Transfer-Encoding") != null);
    }

    private long decodedLength(String length) throws RequestRefusedException {
        if (length == null) {
            throw RequestRefusedException.lengthRequired("An aws-chunked body needs the length of its data in"
                    + " x-amz-decoded-content-length. Tell your SDK the content length.");
        }
        return parseLength(length, false);
    }

    /**
     * Parses the announced length of a body.
     *
     * @param isChunked whether a transfer coding marks the end of the body, so that the length may be missing
     * @return the length in bytes, or -1 if a chunked body does not announce it
     * @throws RequestRefusedException if the length is zero, over the limit or not a number
     */
    long parseLength(String contentLength, boolean isChunked) throws RequestRefusedException {
        if (contentLength == null && isChunked) {
            return -1;
        }
        if (contentLength != null && !contentLength.matches("\\d{1,18}")) {
            throw RequestRefusedException.badRequest(
                    "The announced length of the body is not a number. Send the length in bytes.");
        }
        long length = contentLength == null ? 0 : Long.parseLong(contentLength);
        if (length == 0) {
            throw empty();
        }
        if (length > maxBytes) {
            throw RequestRefusedException.contentTooLarge("The body has " + length + " bytes, but at most " + maxBytes
                    + " are accepted (upload.maxBytes). Send a smaller file.");
        }
        return length;
    }

    private static RequestRefusedException empty() {
        return RequestRefusedException.badRequest("The body is empty. Send the bytes of the picture.");
    }

    /**
     * Creates the response to a stored upload: a description of the object in JSON, and the address of its status in
     * the header {@code Location}. AWS SDKs get an empty body.
     */
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
                .put("bytes", receivedBytes(exchange))
                .encode());
    }

    /**
     * Discards the rest of the body of a refused request, so that the client can read the response. If the connection
     * were closed immediately, the client would see a connection reset instead.
     *
     * @param request a request whose response is being sent
     */
    public static void discard(@ExchangeProperty("request") HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        try {
            request.exceptionHandler(e -> {
                // The client disconnected. Its body is discarded anyway.
            });
            request.handler(buffer -> {
                // Discarded.
            });
            request.resume();
        } catch (IllegalStateException e) {
            return; // the request has ended in the meantime
        }
        Vertx.currentContext().owner().setTimer(TimeUnit.MILLISECONDS.convert(DISCARD_TIMEOUT), timer -> {
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.github.camelthumbnails.observe.Traces;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Translates between an HTTP request for an object and the HEAD and GET requests to S3. Conditions and ranges are
 * evaluated here, with the metadata from a HEAD request to S3, because S3 does not support all of them. The GET request
 * that follows has {@code If-Match}, so that it returns the version for which the conditions were evaluated.
 */
public final class ObjectRead {

    /** How often the object may be replaced between HEAD and GET before the client has to repeat the request. */
    private static final int MAX_REPLACEMENTS = 5;

    /** Default {@code Cache-Control}. Caches have to revalidate, because the object may be replaced at any time. */
    private static final String DEFAULT_CACHE_CONTROL = "private, no-cache";

    private ObjectRead() {}

    /** Returns whether a request is for the status of an object ({@code ?status}) instead of the object itself. */
    public static boolean asksForStatus(@ExchangeProperty("request") HttpServerRequest request)
            throws RequestRefusedException {
        return QueryParameters.of(request).containsKey("status");
    }

    /** Returns whether the method is HEAD. */
    public static boolean isHead(@ExchangeProperty("request") HttpServerRequest request) {
        return request.method() == HttpMethod.HEAD;
    }

    /** Returns whether the response depends on metadata, so that a HEAD request to S3 must come first. */
    public static boolean needsHead(@ExchangeProperty("request") HttpServerRequest request) {
        return isHead(request) || request.headers().contains("Range") || Preconditions.arePresent(request.headers());
    }

    /** Creates the HEAD request for S3. */
    public static HeadObjectRequest head(
            @ExchangeProperty("bucket") String bucket, @ExchangeProperty("objectKey") String objectKey) {
        return HeadObjectRequest.builder().bucket(bucket).key(objectKey).build();
    }

    /**
     * Evaluates the conditions and the range of the request, with the HEAD response of S3 as the message body. Sets the
     * exchange properties {@code found} (that response) and {@code range} (the range to request from S3), or creates
     * the response if no GET is needed.
     *
     * @throws RequestRefusedException if a condition is not met or the range cannot be satisfied
     */
    public static void evaluateConditions(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request)
            throws RequestRefusedException {
        Message message = exchange.getMessage();
        HeadObjectResponse found = message.getBody(HeadObjectResponse.class);
        MultiMap headers = request.headers();
        Preconditions.Outcome outcome = new Preconditions(headers, found.eTag(), found.lastModified()).evaluate();
        if (outcome == Preconditions.Outcome.FAILED) {
            throw RequestRefusedException.of(
                    412,
                    "The object does not meet the condition (If-Match or If-Unmodified-Since). Read it again without the"
                            + " condition.");
        }
        if (outcome == Preconditions.Outcome.NOT_MODIFIED) {
            message.removeHeaders("*");
            message.setHeader("ETag", found.eTag());
            message.setHeader("Last-Modified", Preconditions.format(found.lastModified()));
            setCacheControl(request, found.cacheControl());
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            message.setBody(null);
            return;
        }
        exchange.setProperty("found", found);
        exchange.removeProperty("range");
        if (isHead(request)) {
            answerHead(message, request, found);
        } else if (outcome == Preconditions.Outcome.MET) {
            ByteRange range = ByteRange.of(String.join(", ", headers.getAll("Range")), found.contentLength());
            if (range.equals(ByteRange.UNSATISFIABLE)) {
                request.response().putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + found.contentLength());
                throw RequestRefusedException.of(
                        416,
                        "The object has " + found.contentLength() + " bytes and ends before the range begins. Request"
                                + " an earlier range.");
            }
            exchange.setProperty("range", range.header());
        }
    }

    /**
     * Creates the GET request for S3.
     *
     * @param found the HEAD response with which the conditions and the range were evaluated, or null if there were none
     * @param replacements how often the object was replaced between HEAD and GET during this request
     * @throws RequestRefusedException if the object was replaced too often
     */
    public static GetObjectRequest get(
            @ExchangeProperty("bucket") String bucket,
            @ExchangeProperty("objectKey") String objectKey,
            @ExchangeProperty("found") HeadObjectResponse found,
            @ExchangeProperty("range") String range,
            @ExchangeProperty("CamelLoopIndex") int replacements)
            throws RequestRefusedException {
        if (replacements >= MAX_REPLACEMENTS) {
            throw RequestRefusedException.busy("The object is being replaced. Repeat the request.");
        }
        return GetObjectRequest.builder()
                .bucket(bucket)
                .key(objectKey)
                .range(range)
                .ifMatch(found == null ? null : found.eTag())
                .build();
    }

    private static void answerHead(Message message, HttpServerRequest request, HeadObjectResponse head) {
        setHeaders(message, head.eTag(), head.lastModified(), head.contentType(), head.metadata());
        setCacheControl(request, head.cacheControl());
        setRepresentationHeaders(request, head.contentDisposition(), head.contentEncoding(), head.contentLanguage());
        setLength(request.response(), head.contentLength());
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setBody(null);
    }

    /**
     * Creates the response that streams an object from S3. The stream is closed at its end or when the client
     * disconnects.
     */
    public static void answerGet(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request) {
        Message message = exchange.getMessage();
        ResponseInputStream<?> object = (ResponseInputStream<?>) message.getBody();
        GetObjectResponse get = (GetObjectResponse) object.response();
        setHeaders(message, get.eTag(), get.lastModified(), get.contentType(), get.metadata());
        setCacheControl(request, get.cacheControl());
        setRepresentationHeaders(request, get.contentDisposition(), get.contentEncoding(), get.contentLanguage());
        setLength(request.response(), get.contentLength());
        boolean partial = get.contentRange() != null;
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, partial ? 206 : 200);
        if (partial) {
            message.setHeader("Content-Range", get.contentRange());
        }
        ObjectStream stream = new ObjectStream(object);
        request.response().closeHandler(closed -> {
            stream.abort();
            resumeSending(request);
        });
        if (request.response().closed()) { // it was closed before the handler was set
            stream.abort();
        }
        message.setBody(stream);
    }

    /**
     * Resumes a response that Camel has paused because the write queue is full, after the client has disconnected.
     * Vert.x announces free space in the queue only while the connection is open, so the exchange would otherwise never
     * end.
     */
    private static void resumeSending(HttpServerRequest request) {
        if (!request.response().ended() && request.response().writeQueueFull()) {
            ((ConnectionBase) request.connection()).channel().pipeline().fireChannelWritabilityChanged();
        }
    }

    private static void setHeaders(
            Message message, String eTag, Instant lastModified, String contentType, Map<String, String> metadata) {
        message.removeHeaders("*");
        metadata.forEach((name, value) -> {
            if (!name.equals(Traces.METADATA)) {
                message.setHeader("x-amz-meta-" + name, value);
            }
        });
        message.setHeader("ETag", eTag);
        message.setHeader("Last-Modified", Preconditions.format(lastModified));
        message.setHeader("Content-Type", contentType == null ? "application/octet-stream" : contentType);
        message.setHeader("Accept-Ranges", "bytes");
        // Uploaded HTML or SVG must not run scripts in the origin of this application.
        message.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    /** Sets {@code Cache-Control} on the HTTP response itself, because Camel does not copy it from the message. */
    private static void setCacheControl(HttpServerRequest request, String stored) {
        request.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, Objects.requireNonNullElse(stored, DEFAULT_CACHE_CONTROL));
    }

    private static void setRepresentationHeaders(
            HttpServerRequest request, String disposition, String encoding, String language) {
        putIfPresent(request, HttpHeaders.CONTENT_DISPOSITION, disposition);
        putIfPresent(request, HttpHeaders.CONTENT_ENCODING, encoding);
        putIfPresent(request, HttpHeaders.CONTENT_LANGUAGE, language);
    }

    private static void putIfPresent(HttpServerRequest request, CharSequence name, String value) {
        if (value != null && !value.isEmpty()) {
            request.response().putHeader(name, value);
        }
    }

    /** Replaces the chunked transfer coding, which Camel uses for streams, with {@code Content-Length}. */
    private static void setLength(HttpServerResponse response, long length) {
        response.headersEndHandler(end -> response.headers()
                .remove(HttpHeaders.TRANSFER_ENCODING)
                .set(HttpHeaders.CONTENT_LENGTH, Long.toString(length)));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

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
 * Reads an object over HTTP. Conditions and ranges are evaluated here, on what a HEAD of the object says, because S3 does not know all
 * of them. The GET that follows asks for exactly that object, so that conditions and body belong together.
 */
public final class ObjectRead {

    /** How often an object may be replaced between HEAD and GET before the client is asked to try again. */
    private static final int MAX_REPLACEMENTS = 5;

    /** Default {@code Cache-Control}. Caches have to ask again, because the object may be replaced at any time. */
    private static final String DEFAULT_CACHE_CONTROL = "private, no-cache";

    private ObjectRead() {}

    /** Whether the state of an object is asked for, by {@code ?status}, and not the object. */
    public static boolean asksForStatus(@ExchangeProperty("request") HttpServerRequest request)
            throws RequestRefusedException {
        return QueryParameters.of(request).containsKey("status");
    }

    /** Whether it is only asked what the object is like. */
    public static boolean isHead(@ExchangeProperty("request") HttpServerRequest request) {
        return request.method() == HttpMethod.HEAD;
    }

    /** Whether a HEAD has to come before the GET, because the answer depends on what the object is like. */
    public static boolean looksFirst(@ExchangeProperty("request") HttpServerRequest request) {
        return isHead(request) || request.headers().contains("Range") || Preconditions.areIn(request.headers());
    }

    /** Makes the HEAD request for S3. */
    public static HeadObjectRequest head(
            @ExchangeProperty("bucket") String bucket, @ExchangeProperty("objectKey") String objectKey) {
        return HeadObjectRequest.builder().bucket(bucket).key(objectKey).build();
    }

    /**
     * Evaluates the request's conditions and range. Sets the exchange properties {@code found} (the object's description) and
     * {@code range} (the range to ask of S3), or answers a request that needs no GET.
     *
     * @throws RequestRefusedException if a condition is not met or the range cannot be satisfied
     */
    public static void decide(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request)
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
            cacheControl(request, found.cacheControl());
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
                        "The object has " + found.contentLength() + " bytes and ends before the range begins. Ask for"
                                + " other bytes.");
            }
            exchange.setProperty("range", range.header());
        }
    }

    /**
     * Makes the GET request for S3.
     *
     * @param found the object that the conditions and the range were evaluated on, or null if there were none
     * @throws RequestRefusedException if the object has been replaced several times since the request came in
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
        headers(message, head.eTag(), head.lastModified(), head.contentType(), head.metadata());
        cacheControl(request, head.cacheControl());
        representation(request, head.contentDisposition(), head.contentEncoding(), head.contentLanguage());
        length(request.response(), head.contentLength());
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setBody(null);
    }

    /** Turns an object that comes from S3 into the answer; it is closed when it has gone out, or when the client leaves. */
    public static void answerGet(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request) {
        Message message = exchange.getMessage();
        ResponseInputStream<?> object = (ResponseInputStream<?>) message.getBody();
        GetObjectResponse get = (GetObjectResponse) object.response();
        headers(message, get.eTag(), get.lastModified(), get.contentType(), get.metadata());
        cacheControl(request, get.cacheControl());
        representation(request, get.contentDisposition(), get.contentEncoding(), get.contentLanguage());
        length(request.response(), get.contentLength());
        boolean partial = get.contentRange() != null;
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, partial ? 206 : 200);
        if (partial) {
            message.setHeader("Content-Range", get.contentRange());
        }
        ObjectStream stream = new ObjectStream(object);
        request.response().closeHandler(left -> {
            stream.leave();
            resumeSending(request);
        });
        if (request.response().closed()) { // before there was a handler to be told
            stream.leave();
        }
        message.setBody(stream);
    }

    /**
     * Lets Camel go on with a response that waits until the client has read more, although the client has left. Vert.x tells that there
     * is room again only while the connection is open, so the exchange would never end.
     */
    private static void resumeSending(HttpServerRequest request) {
        if (!request.response().ended() && request.response().writeQueueFull()) {
            ((ConnectionBase) request.connection()).channel().pipeline().fireChannelWritabilityChanged();
        }
    }

    private static void headers(
            Message message, String eTag, Instant lastModified, String contentType, Map<String, String> metadata) {
        message.removeHeaders("*");
        metadata.forEach((name, value) -> message.setHeader("x-amz-meta-" + name, value));
        message.setHeader("ETag", eTag);
        message.setHeader("Last-Modified", Preconditions.format(lastModified));
        message.setHeader("Content-Type", contentType == null ? "application/octet-stream" : contentType);
        message.setHeader("Accept-Ranges", "bytes");
        // Somebody else's HTML or SVG must not run as if it were ours.
        message.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    /** Sets the header on the response itself: Camel does not copy it from the message. */
    private static void cacheControl(HttpServerRequest request, String stored) {
        request.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, Objects.requireNonNullElse(stored, DEFAULT_CACHE_CONTROL));
    }

    private static void representation(
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

    /** Says the length, which Camel does not for a stream: it announces chunks. */
    private static void length(HttpServerResponse response, long length) {
        response.headersEndHandler(end -> response.headers()
                .remove(HttpHeaders.TRANSFER_ENCODING)
                .set(HttpHeaders.CONTENT_LENGTH, Long.toString(length)));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Reads an object over HTTP: conditions and range of the request are passed to S3, which knows how to answer them, and S3's answer
 * is passed back while it comes in.
 */
public final class ObjectRead {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

    private ObjectRead() {}

    /** Whether the state of an object is asked for, by {@code ?status}, and not the object. */
    public static boolean asksForStatus(@ExchangeProperty("request") HttpServerRequest request) {
        return request.params().contains("status");
    }

    /** Whether it is only asked what the object is like. */
    public static boolean isHead(@ExchangeProperty("request") HttpServerRequest request) {
        return request.method() == HttpMethod.HEAD;
    }

    /** What to ask of S3 for a GET. What S3 would refuse but HTTP forgives, such as two ranges, is left out. */
    public static GetObjectRequest get(
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("bucket") String bucket,
            @ExchangeProperty("objectKey") String objectKey) {
        String range = request.getHeader("Range");
        return GetObjectRequest.builder()
                .bucket(bucket)
                .key(objectKey)
                .range(range != null && range.matches("bytes=(\\d{1,18}-\\d{0,18}|-\\d{1,18})") ? range : null)
                .ifMatch(request.getHeader("If-Match"))
                .ifNoneMatch(request.getHeader("If-None-Match"))
                .ifModifiedSince(date(request.getHeader("If-Modified-Since")))
                .ifUnmodifiedSince(date(request.getHeader("If-Unmodified-Since")))
                .build();
    }

    /** What to ask of S3 for a HEAD. */
    public static HeadObjectRequest head(
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("bucket") String bucket,
            @ExchangeProperty("objectKey") String objectKey) {
        return HeadObjectRequest.builder()
                .bucket(bucket)
                .key(objectKey)
                .ifMatch(request.getHeader("If-Match"))
                .ifNoneMatch(request.getHeader("If-None-Match"))
                .ifModifiedSince(date(request.getHeader("If-Modified-Since")))
                .ifUnmodifiedSince(date(request.getHeader("If-Unmodified-Since")))
                .build();
    }

    private static Instant date(String text) {
        try {
            return text == null ? null : ZonedDateTime.parse(text, HTTP_DATE).toInstant();
        } catch (DateTimeParseException e) {
            return null; // as if it were not there, says RFC 9110, 13.1.3
        }
    }

    /** Turns what S3 says of an object into the answer. */
    public static void answerHead(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request) {
        Message message = exchange.getMessage();
        HeadObjectResponse head = message.getBody(HeadObjectResponse.class);
        headers(message, request, head.eTag(), head.lastModified(), head.contentType(), head.metadata());
        length(request.response(), head.contentLength());
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        message.setBody(null);
    }

    /** Turns an object that comes from S3 into the answer; it is closed when it has gone out, or when the client leaves. */
    public static void answerGet(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request) {
        Message message = exchange.getMessage();
        ResponseInputStream<?> object = (ResponseInputStream<?>) message.getBody();
        GetObjectResponse get = (GetObjectResponse) object.response();
        headers(message, request, get.eTag(), get.lastModified(), get.contentType(), get.metadata());
        length(request.response(), get.contentLength());
        boolean partial = get.contentRange() != null;
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, partial ? 206 : 200);
        if (partial) {
            message.setHeader("Content-Range", get.contentRange());
        }
        ObjectStream stream = new ObjectStream(object);
        request.response().closeHandler(left -> stream.leave());
        if (request.response().closed()) { // before there was a handler to be told
            stream.leave();
        }
        message.setBody(stream);
    }

    private static void headers(
            Message message,
            HttpServerRequest request,
            String eTag,
            Instant lastModified,
            String contentType,
            Map<String, String> metadata) {
        message.removeHeaders("*");
        metadata.forEach((name, value) -> message.setHeader("x-amz-meta-" + name, value));
        message.setHeader("ETag", eTag);
        message.setHeader("Last-Modified", HTTP_DATE.format(lastModified.atOffset(ZoneOffset.UTC)));
        message.setHeader("Content-Type", contentType == null ? "application/octet-stream" : contentType);
        message.setHeader("Accept-Ranges", "bytes");
        // It may be replaced at any time, so it is to be asked for again, and is not for caches between. Camel lets no
        // such header out.
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        // Somebody else's HTML or SVG must not run as if it were ours.
        message.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    /** Says the length, which Camel does not for a stream: it announces chunks. */
    private static void length(HttpServerResponse response, long length) {
        response.headersEndHandler(end -> response.headers()
                .remove(HttpHeaders.TRANSFER_ENCODING)
                .set(HttpHeaders.CONTENT_LENGTH, Long.toString(length)));
    }
}

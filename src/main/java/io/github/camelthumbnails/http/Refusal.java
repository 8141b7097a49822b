// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.util.ObjectHelper;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The response to a request that failed or was rejected: an HTTP status with problem details in JSON (RFC 9457). Also
 * represents "304 Not Modified", which has no body.
 *
 * @param status HTTP status
 * @param title reason phrase of the status
 * @param detail what is wrong and what to change; null for a 304
 * @param challenge value of the header {@code WWW-Authenticate}, which a 401 requires; otherwise null
 * @param eTag entity tag of the unmodified object; otherwise null
 */
public record Refusal(int status, String title, String detail, String challenge, String eTag) {

    /**
     * Returns whether the client can fix the cause of an exception. Otherwise the operator has to.
     *
     * @param exception the exception that ended the request
     */
    public static boolean isClientError(Exception exception, @ExchangeProperty("request") HttpServerRequest request) {
        if (findRefused(exception) != null) {
            return true;
        }
        S3Exception s3 = ObjectHelper.getException(S3Exception.class, exception);
        boolean isRead = request.method() != HttpMethod.PUT;
        return s3 != null
                && switch (s3.statusCode()) {
                    case 412 -> true;
                    case 304, 403, 404, 416 ->
                        isRead; // on a PUT, they mean a missing bucket or permission, which the client cannot fix
                    default -> false;
                };
    }

    /**
     * Creates the response for an exception.
     *
     * @param exception an exception for which {@link #isClientError} is true
     */
    public static Refusal of(Exception exception) {
        RequestRefusedException refused = findRefused(exception);
        if (refused != null) {
            String challenge = refused.status() == 401 ? "ApiKey realm=\"camel-thumbnails\"" : null;
            return new Refusal(refused.status(), refused.title(), refused.getMessage(), challenge, null);
        }
        S3Exception s3 = ObjectHelper.getException(S3Exception.class, exception);
        if (s3 instanceof InvalidObjectStateException) {
            return new Refusal(
                    403,
                    "Forbidden",
                    "The object is in an archive storage class. Restore it in S3, then repeat the request.",
                    null,
                    null);
        }
        return switch (s3.statusCode()) {
            case 304 -> new Refusal(304, "Not Modified", null, null, eTag(s3));
            case 412 ->
                new Refusal(
                        412,
                        "Precondition Failed",
                        "An object with this key exists, and If-None-Match: * forbids replacing it."
                                + " Use another key, or remove the header.",
                        null,
                        null);
            case 416 ->
                new Refusal(
                        416,
                        "Range Not Satisfiable",
                        "The object ends before the range begins. Request an earlier range.",
                        null,
                        null);
            // Without the permission to list the bucket, S3 answers 403 if the object does not exist.
            default ->
                new Refusal(404, "Not Found", "There is no such object. Check the bucket and the key.", null, null);
        };
    }

    /** Returns the refusal of a request that failed although the client did nothing wrong. */
    public static Refusal unavailable() {
        return new Refusal(503, "Service Unavailable", "The storage is not available. Try again later.", null, null);
    }

    /** Returns the refusal, even if it is only the cause of the exception, or null. */
    private static RequestRefusedException findRefused(Exception exception) {
        return ObjectHelper.getException(RequestRefusedException.class, exception);
    }

    private static String eTag(S3Exception s3) {
        return s3.awsErrorDetails() == null || s3.awsErrorDetails().sdkHttpResponse() == null
                ? null
                : s3.awsErrorDetails()
                        .sdkHttpResponse()
                        .firstMatchingHeader("ETag")
                        .orElse(null);
    }

    /** Returns the header {@code Retry-After} in seconds, or null. */
    public String retryAfter() {
        return status == 503 ? "5" : null;
    }

    /** Returns the media type of the response, or null if it has no body. */
    public String type() {
        return detail == null ? null : "application/problem+json";
    }

    /** Returns the body of the response as one line of JSON, or null. */
    public String body() {
        return detail == null
                ? null
                : new JsonObject()
                        .put("type", "about:blank")
                        .put("status", status)
                        .put("title", title)
                        .put("detail", detail)
                        .encode();
    }
}

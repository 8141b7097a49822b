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
 * How a request is answered that cannot be done as it is: as a problem in JSON (RFC 9457), or as "not modified".
 *
 * @param status of HTTP
 * @param title the status in words
 * @param detail what to change
 * @param challenge the header {@code WWW-Authenticate}, which a 401 has to have; else null
 * @param eTag of what is not modified; else null
 */
public record Refusal(int status, String title, String detail, String challenge, String eTag) {

    /**
     * Whether it is the client that can change something, and not whoever runs this.
     *
     * @param exception what ended the request
     */
    public static boolean isOne(Exception exception, @ExchangeProperty("request") HttpServerRequest request) {
        if (refused(exception) != null) {
            return true;
        }
        S3Exception s3 = ObjectHelper.getException(S3Exception.class, exception);
        boolean reads = request.method() != HttpMethod.PUT;
        return s3 != null
                && switch (s3.statusCode()) {
                    case 412 -> true;
                    case 304, 403, 404, 416 ->
                        reads; // that a PUT may not, or the bucket is absent, its client cannot change
                    default -> false;
                };
    }

    /**
     * Says it in the words of HTTP.
     *
     * @param exception {@link #isOne}
     */
    public static Refusal of(Exception exception) {
        RequestRefusedException refused = refused(exception);
        if (refused != null) {
            String challenge = refused.status() == 401 ? "ApiKey realm=\"camel-thumbnails\"" : null;
            return new Refusal(refused.status(), refused.title(), refused.getMessage(), challenge, null);
        }
        S3Exception s3 = ObjectHelper.getException(S3Exception.class, exception);
        if (s3 instanceof InvalidObjectStateException) {
            return new Refusal(
                    403,
                    "Forbidden",
                    "The object is in an archive storage class. Restore it in S3, and repeat the request when it has been"
                            + " restored.",
                    null,
                    null);
        }
        return switch (s3.statusCode()) {
            case 304 -> new Refusal(304, "Not Modified", null, null, eTag(s3));
            case 412 ->
                new Refusal(
                        412,
                        "Precondition Failed",
                        "There is an object with this key, and If-None-Match asks to replace none. Use another key, or remove the header.",
                        null,
                        null);
            case 416 ->
                new Refusal(416, "Range Not Satisfiable", "The object ends before the range begins", null, null);
            // Without the permission to list a bucket, 403 is how S3 says that there is no such object.
            default -> new Refusal(404, "Not Found", "There is no such object", null, null);
        };
    }

    /** Returns the answer to a request that failed although the client did nothing wrong. */
    public static Refusal unavailable() {
        return new Refusal(503, "Service Unavailable", "The storage is not available. Try again later.", null, null);
    }

    /** Also if it broke off what was under way. */
    private static RequestRefusedException refused(Exception exception) {
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

    /** The header {@code Retry-After} in seconds, or null. */
    public String retryAfter() {
        return status == 503 ? "5" : null;
    }

    /** The media type of the answer, or null if it has no body. */
    public String type() {
        return detail == null ? null : "application/problem+json";
    }

    /** The body of the answer in one line, or null. */
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

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

/**
 * Thrown when the API rejects a request. Carries the HTTP status and a message that tells the client what to change, or
 * to try again later if the server is busy.
 */
public final class RequestRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final String s3Code;

    private RequestRefusedException(int status, String title, String detail) {
        this(status, title, detail, null);
    }

    private RequestRefusedException(int status, String title, String detail, String s3Code) {
        super(detail);
        this.status = status;
        this.title = title;
        this.s3Code = s3Code;
    }

    /** Creates an exception with one of the statuses that {@link RequestRules} uses. */
    public static RequestRefusedException of(int status, String detail) {
        String title =
                switch (status) {
                    case 400 -> "Bad Request";
                    case 405 -> "Method Not Allowed";
                    case 412 -> "Precondition Failed";
                    case 415 -> "Unsupported Media Type";
                    case 416 -> "Range Not Satisfiable";
                    case 417 -> "Expectation Failed";
                    case 501 -> "Not Implemented";
                    default -> throw new IllegalArgumentException("No title for the status " + status);
                };
        return new RequestRefusedException(status, title, detail);
    }

    /** Creates a 400 for a request that is malformed or not valid. */
    public static RequestRefusedException badRequest(String detail) {
        return badRequest(detail, null);
    }

    /** Creates a 400 for headers or body framing that contradict each other. */
    public static RequestRefusedException invalidRequest(String detail) {
        return badRequest(detail, "InvalidRequest");
    }

    /** Creates a 400 for a body that is shorter or longer than announced. */
    public static RequestRefusedException incompleteBody(String detail) {
        return badRequest(detail, "IncompleteBody");
    }

    /** Creates a 400 for a body that does not match the checksum that the client sent. */
    public static RequestRefusedException badDigest(String detail) {
        return badRequest(detail, "BadDigest");
    }

    /** Creates a 400 for a malformed {@code Content-MD5}. */
    public static RequestRefusedException invalidDigest(String detail) {
        return badRequest(detail, "InvalidDigest");
    }

    /** Creates a 400 for a body that does not match {@code x-amz-content-sha256}. */
    public static RequestRefusedException contentSha256Mismatch(String detail) {
        return badRequest(detail, "XAmzContentSHA256Mismatch");
    }

    private static RequestRefusedException badRequest(String detail, String s3Code) {
        return new RequestRefusedException(400, "Bad Request", detail, s3Code);
    }

    /** Creates a 409 for a request that conflicts with one that is being served. */
    public static RequestRefusedException conflict(String detail) {
        return new RequestRefusedException(409, "Conflict", detail);
    }

    /** Creates a 411 for a body whose length is required but missing. */
    public static RequestRefusedException lengthRequired(String detail) {
        return new RequestRefusedException(411, "Length Required", detail);
    }

    static RequestRefusedException unauthorized(String detail) {
        return new RequestRefusedException(401, "Unauthorized", detail);
    }

    static RequestRefusedException forbidden(String detail) {
        return new RequestRefusedException(403, "Forbidden", detail);
    }

    /** Creates a 404 for an address that does not exist. */
    public static RequestRefusedException notFound(String detail) {
        return new RequestRefusedException(404, "Not Found", detail);
    }

    /** Creates a 408 for a client that sends too slowly. */
    public static RequestRefusedException timeout(String detail) {
        return new RequestRefusedException(408, "Request Timeout", detail);
    }

    /** Creates a 501 for a feature of S3 that this API does not have. */
    public static RequestRefusedException notImplemented(String detail) {
        return new RequestRefusedException(501, "Not Implemented", detail);
    }

    /** Creates a 503 for a request for which the server has no capacity at the moment. */
    public static RequestRefusedException busy(String detail) {
        return new RequestRefusedException(503, "Service Unavailable", detail, "SlowDown");
    }

    /** Creates a 413 for a body that exceeds the limit. */
    public static RequestRefusedException contentTooLarge(String detail) {
        return new RequestRefusedException(413, "Content Too Large", detail);
    }

    /** Returns the HTTP status of the response. */
    public int status() {
        return status;
    }

    /** Returns S3's error code for AWS SDKs, or null to derive it from the status. */
    public String s3Code() {
        return s3Code;
    }

    /** Returns the reason phrase of the status. */
    public String title() {
        return title;
    }
}

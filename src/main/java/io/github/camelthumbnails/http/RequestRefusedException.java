// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

/** Thrown when a request is rejected for a reason that the client can fix. */
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

    /** Rejects a request with one of the statuses that this API uses. */
    static RequestRefusedException of(int status, String detail) {
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

    /** What was sent makes no sense. */
    public static RequestRefusedException badRequest(String detail) {
        return badRequest(detail, null);
    }

    /** Thrown when headers or the framing of the body contradict each other. */
    public static RequestRefusedException invalidRequest(String detail) {
        return badRequest(detail, "InvalidRequest");
    }

    /** Thrown when the body is shorter or longer than announced. */
    public static RequestRefusedException incompleteBody(String detail) {
        return badRequest(detail, "IncompleteBody");
    }

    /** Thrown when the body has another checksum than the client sent. */
    public static RequestRefusedException badDigest(String detail) {
        return badRequest(detail, "BadDigest");
    }

    /** Thrown when {@code Content-MD5} is malformed. */
    public static RequestRefusedException invalidDigest(String detail) {
        return badRequest(detail, "InvalidDigest");
    }

    /** Thrown when the body has another hash than {@code x-amz-content-sha256}. */
    public static RequestRefusedException contentSha256Mismatch(String detail) {
        return badRequest(detail, "XAmzContentSHA256Mismatch");
    }

    private static RequestRefusedException badRequest(String detail, String s3Code) {
        return new RequestRefusedException(400, "Bad Request", detail, s3Code);
    }

    /** Thrown when the length of the body is needed and missing. */
    public static RequestRefusedException lengthRequired(String detail) {
        return new RequestRefusedException(411, "Length Required", detail);
    }

    static RequestRefusedException unauthorized(String detail) {
        return new RequestRefusedException(401, "Unauthorized", detail);
    }

    static RequestRefusedException forbidden(String detail) {
        return new RequestRefusedException(403, "Forbidden", detail);
    }

    static RequestRefusedException notFound(String detail) {
        return new RequestRefusedException(404, "Not Found", detail);
    }

    /** The client is too slow. */
    public static RequestRefusedException timeout(String detail) {
        return new RequestRefusedException(408, "Request Timeout", detail);
    }

    /** Thrown when a request uses a feature of S3 that this API does not have. */
    public static RequestRefusedException notImplemented(String detail) {
        return new RequestRefusedException(501, "Not Implemented", detail);
    }

    /** There is no room for it now. */
    public static RequestRefusedException busy(String detail) {
        return new RequestRefusedException(503, "Service Unavailable", detail, "SlowDown");
    }

    /** The body is longer than what is taken. */
    public static RequestRefusedException contentTooLarge(String detail) {
        return new RequestRefusedException(413, "Content Too Large", detail);
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }

    /** Returns the error code for AWS SDKs, or null if the status tells enough. */
    public String s3Code() {
        return s3Code;
    }

    /** The status in words. */
    public String title() {
        return title;
    }
}

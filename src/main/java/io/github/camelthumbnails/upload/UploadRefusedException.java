// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

/** An upload that is not stored, because of something its sender can change. */
public final class UploadRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;

    private UploadRefusedException(int status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    static UploadRefusedException badRequest(String detail) {
        return new UploadRefusedException(400, "Bad Request", detail);
    }

    static UploadRefusedException forbidden(String detail) {
        return new UploadRefusedException(403, "Forbidden", detail);
    }

    static UploadRefusedException notFound(String detail) {
        return new UploadRefusedException(404, "Not Found", detail);
    }

    static UploadRefusedException lengthRequired(String detail) {
        return new UploadRefusedException(411, "Length Required", detail);
    }

    static UploadRefusedException contentTooLarge(String detail) {
        return new UploadRefusedException(413, "Content Too Large", detail);
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }

    /** The status in words. */
    public String title() {
        return title;
    }
}

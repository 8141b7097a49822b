// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import java.io.IOException;

/** Thrown when S3 breaks off an object that is being sent to a client. */
public final class InterruptedDownloadException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param cause the error of the AWS SDK */
    public InterruptedDownloadException(Exception cause) {
        super("S3 has broken off the object: " + cause.getMessage(), cause);
    }
}

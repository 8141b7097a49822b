// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.heif.LibHeifApi.Status;
import java.io.IOException;

/** Translates the error codes of libheif's encoder into exceptions. */
final class AvifErrors {

    private static final int OUT_OF_MEMORY = 6;

    private AvifErrors() {}

    /** Throws the exception for a result, unless it is success. */
    static void check(Status status) throws IOException {
        if (status.code != 0) {
            checkMemory(status);
            throw new IOException("libheif cannot encode the picture as AVIF: " + text(status));
        }
    }

    /** Throws an error if the result is a lack of memory. */
    static void checkMemory(Status status) {
        if (status.code == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("libheif: " + text(status));
        }
    }

    private static String text(Status status) {
        return status.message == null
                ? "error " + status.code + "." + status.subcode
                : status.message.getString(0, "UTF-8");
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.TooManyPixelsException;
import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;

/** Translates libheif's error codes into exceptions. */
final class HeifErrors {

    private static final int UNSUPPORTED_FILE = 3;
    private static final int UNSUPPORTED_FEATURE = 4;
    private static final int OUT_OF_MEMORY = 6;
    private static final int PLUGIN_MISSING = 11;

    /**
     * Subcode of {@link #OUT_OF_MEMORY}: the picture exceeds a limit, either libheif's own or one set by
     * {@link LibHeif}.
     */
    private static final int LIMIT_EXCEEDED = 1000;

    private static final int UNSUPPORTED_CODEC = 3000;
    private static final int UNSUPPORTED_IMAGE_TYPE = 3001;

    private HeifErrors() {}

    /**
     * Throws the exception for a result, unless it is success.
     *
     * @param code a {@code heif_error_code}
     * @param subcode a {@code heif_suberror_code}
     * @param message libheif's error message, or null
     * @param header the header of the file
     */
    static void check(int code, int subcode, Pointer message, HeifHeader header) throws IOException {
        if (code == 0) {
            return;
        }
        String text = message == null ? "error " + code + "." + subcode : message.getString(0, "UTF-8");
        if (code == OUT_OF_MEMORY && subcode == LIMIT_EXCEEDED) {
            throw new TooManyPixelsException("The " + header.kind() + " picture is too large for libheif: " + text);
        }
        if (code == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("libheif: " + text);
        }
        boolean codec = subcode == UNSUPPORTED_CODEC || subcode == UNSUPPORTED_IMAGE_TYPE;
        if (code == PLUGIN_MISSING || code == UNSUPPORTED_FEATURE && codec) {
            throw new UnsupportedImageException("The " + header.kind() + " picture is coded as " + header.codec()
                    + ", and libheif has no decoder for it. " + howToInstall(header.codec()) + " (" + text + ")");
        }
        if (code == UNSUPPORTED_FILE || code == UNSUPPORTED_FEATURE) {
            throw new UnsupportedImageException("libheif cannot read this kind of " + header.kind() + ": " + text);
        }
        throw new IOException("libheif cannot read the " + header.kind() + " picture: " + text);
    }

    private static String howToInstall(String codec) {
        return switch (codec) {
            case "HEVC" ->
                "Install libde265 and libheif's plugin for it"
                        + " (Debian, Ubuntu: libde265-0 and, with libheif 1.16 or later, libheif-plugin-libde265).";
            case "AV1" ->
                "Install dav1d or libaom and libheif's plugin for it"
                        + " (Debian, Ubuntu: with libheif 1.16 or later, libheif-plugin-dav1d or libheif-plugin-aomdec).";
            default -> "Convert the picture to HEIC, AVIF or JPEG.";
        };
    }
}

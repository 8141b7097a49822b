// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.Arrays;
import java.util.Optional;

/** The formats that a thumbnail can be made of, told by their first bytes and never by a file name. */
public enum ImageFormat {
    /** JPEG, which starts with SOI and the first byte of the next marker. */
    JPEG("image/jpeg", "FF D8 FF"),
    /** PNG with its eight-byte signature. */
    PNG("image/png", "89 50 4E 47 0D 0A 1A 0A"),
    /** GIF 87a and 89a. */
    GIF("image/gif", "47 49 46 38 37 61", "47 49 46 38 39 61"),
    /** Windows bitmap; bytes 6 to 9 are reserved and zero. */
    BMP("image/bmp", "42 4D .. .. .. .. 00 00 00 00"),
    /** TIFF in either byte order. */
    TIFF("image/tiff", "49 49 2A 00", "4D 4D 00 2A"),
    /** WebP, a RIFF container. */
    WEBP("image/webp", "52 49 46 46 .. .. .. .. 57 45 42 50");

    private final String contentType;
    private final String[] signatures;

    ImageFormat(String contentType, String... signatures) {
        this.contentType = contentType;
        this.signatures = signatures;
    }

    /**
     * Tells a format by its signature.
     *
     * @param bytes the file, or at least its first 12 bytes
     * @return the format, or nothing if it is none of these
     */
    public static Optional<ImageFormat> of(byte[] bytes) {
        return Arrays.stream(values())
                .filter(format -> Arrays.stream(format.signatures).anyMatch(signature -> matches(bytes, signature)))
                .findFirst();
    }

    /** The media type for a {@code Content-Type} header. */
    public String contentType() {
        return contentType;
    }

    private static boolean matches(byte[] bytes, String signature) {
        String[] expected = signature.split(" ");
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].equals("..") && Integer.parseInt(expected[i], 16) != (bytes[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}

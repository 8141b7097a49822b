// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * How a camera was held. Thumbnailator reads it from JPEG only; phones also write it into WebP, PNG and TIFF. A library for
 * metadata would read all the rest as well, and a few bytes can be made to fill the heap then.
 */
final class ExifOrientation {

    private static final int APP1 = 0xE1;
    private static final int TAG = 0x0112;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private ExifOrientation() {}

    /**
     * Reads the orientation tag of the first directory.
     *
     * @param file the bytes of a picture
     * @return how its pixels lie; {@link Orientation#TOP_LEFT} where no valid tag says otherwise
     */
    static Orientation of(byte[] file, ImageFormat format) {
        try {
            return Orientation.typeOf(tag(exif(file, format)));
        } catch (IOException | RuntimeException e) {
            // Metadata is an extra: a picture whose metadata is broken is still a picture.
            return Orientation.TOP_LEFT;
        }
    }

    /** Whether the upright picture is as wide as the stored one is high. */
    static boolean isSideways(Orientation orientation) {
        return switch (orientation) {
            case LEFT_TOP, RIGHT_TOP, RIGHT_BOTTOM, LEFT_BOTTOM -> true;
            case TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT -> false;
        };
    }

    /** EXIF is a TIFF without pixels. */
    private static ByteBuffer exif(byte[] file, ImageFormat format) throws IOException {
        return switch (format) {
            case JPEG ->
                JpegSegment.of(file).stream()
                        .filter(segment -> segment.marker() == APP1)
                        .map(segment -> ByteBuffer.wrap(file).slice(segment.start(), segment.length()))
                        .filter(ExifOrientation::hasPrefix)
                        .map(ExifOrientation::withoutPrefix)
                        .findFirst()
                        .orElse(NONE);
            case PNG -> PngChunks.find(file, "eXIf");
            case WEBP -> withoutPrefix(WebpChunks.find(file, "EXIF"));
            case TIFF -> ByteBuffer.wrap(file);
            case GIF, BMP -> NONE;
        };
    }

    /** The orientation in it, 1 to 8; 1, which is upright, if there is none. */
    private static int tag(ByteBuffer exif) {
        if (exif.capacity() < 8) {
            return 1;
        }
        exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long value = TiffPages.find(exif, TAG);
        return value >= 1 && value <= 8 ? (int) value : 1;
    }

    private static boolean hasPrefix(ByteBuffer exif) {
        return exif.capacity() >= PREFIX.length && exif.slice(0, PREFIX.length).equals(ByteBuffer.wrap(PREFIX));
    }

    /** It has to be there in JPEG; in WebP some programs write it. */
    private static ByteBuffer withoutPrefix(ByteBuffer exif) {
        return hasPrefix(exif) ? exif.slice(PREFIX.length, exif.capacity() - PREFIX.length) : exif;
    }
}

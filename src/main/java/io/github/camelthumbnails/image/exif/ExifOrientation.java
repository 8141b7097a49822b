// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.exif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Reads how a camera was held from EXIF, which is a TIFF without pixels. Thumbnailator reads it from JPEG only; phones also write it into
 * WebP, PNG and TIFF. A library for metadata would read all the rest as well, and a few bytes can be made to fill the heap then.
 */
public final class ExifOrientation {

    private static final int TAG = 0x0112;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private ExifOrientation() {}

    /**
     * Reads the orientation tag of the first directory.
     *
     * @param exif finds the EXIF in a file, with or without the prefix that JPEG needs; empty if there is none
     * @return how the pixels lie; {@link Orientation#TOP_LEFT} where no valid tag says otherwise
     */
    public static Orientation of(Callable<ByteBuffer> exif) {
        try {
            return Orientation.typeOf(tag(withoutPrefix(exif.call())));
        } catch (Exception e) {
            // Metadata is an extra: a picture whose metadata is broken is still a picture.
            return Orientation.TOP_LEFT;
        }
    }

    /** Returns the orientation, 1 to 8; 1, which is upright, if there is none. */
    private static int tag(ByteBuffer exif) {
        if (exif.capacity() < 8) {
            return 1;
        }
        exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long value = TiffDirectory.find(exif, TAG);
        return value >= 1 && value <= 8 ? (int) value : 1;
    }

    /** Returns whether EXIF has the prefix. */
    public static boolean hasPrefix(ByteBuffer exif) {
        return exif.capacity() >= PREFIX.length && exif.slice(0, PREFIX.length).equals(ByteBuffer.wrap(PREFIX));
    }

    /** Some programs write the prefix into WebP, too. */
    private static ByteBuffer withoutPrefix(ByteBuffer exif) {
        return hasPrefix(exif) ? exif.slice(PREFIX.length, exif.capacity() - PREFIX.length) : exif;
    }
}

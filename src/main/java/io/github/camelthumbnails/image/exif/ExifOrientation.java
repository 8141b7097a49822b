// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.exif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Reads the orientation of the camera from EXIF metadata, which is structured like a TIFF without pixels. Thumbnailator
 * reads it from JPEG only, but phones also write it into WebP, PNG and TIFF. A metadata library would read all other
 * tags too, which lets a crafted file of a few bytes fill the heap.
 */
public final class ExifOrientation {

    private static final int ORIENTATION = 0x0112;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private ExifOrientation() {}

    /**
     * Reads the orientation tag of the first directory.
     *
     * @param exif returns the EXIF data of a file, with or without the prefix that JPEG requires; empty if there is
     *     none
     * @return the orientation; {@link Orientation#TOP_LEFT} if there is no valid tag
     */
    public static Orientation read(Callable<ByteBuffer> exif) {
        try {
            return Orientation.typeOf(tagValue(withoutPrefix(exif.call())));
        } catch (Exception e) {
            // Broken metadata does not make the picture unusable.
            return Orientation.TOP_LEFT;
        }
    }

    /** Returns the value of the orientation tag, 1 to 8. Returns 1 (upright) if there is none. */
    private static int tagValue(ByteBuffer exif) {
        if (exif.capacity() < 8) {
            return 1;
        }
        exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long value = TiffDirectory.find(exif, ORIENTATION);
        return value >= 1 && value <= 8 ? (int) value : 1;
    }

    /** Returns whether EXIF data starts with the prefix that JPEG requires. */
    public static boolean hasPrefix(ByteBuffer exif) {
        return exif.capacity() >= PREFIX.length && exif.slice(0, PREFIX.length).equals(ByteBuffer.wrap(PREFIX));
    }

    /** Removes the prefix, which some programs also write into WebP. */
    private static ByteBuffer withoutPrefix(ByteBuffer exif) {
        return hasPrefix(exif) ? exif.slice(PREFIX.length, exif.capacity() - PREFIX.length) : exif;
    }
}

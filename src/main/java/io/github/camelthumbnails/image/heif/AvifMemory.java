// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

/**
 * Estimates the memory that libheif and libaom need to encode a picture.
 *
 * <p>The numbers are the peak resident memory measured with libheif 1.15 and libaom 3.6, pictures of 3 and 12 megapixels
 * and the highest quality. In bytes per pixel, without the image on the heap: 22.4 to 25.4 in colour, 25.2 to 28.4 with
 * alpha, 16.6 to 19.3 in grey.
 */
final class AvifMemory {

    /** Memory for encoding a picture of any size, in bytes: the state of libaom. */
    static final int FIXED_BYTES = 6 * 1024 * 1024;

    private static final double BYTES_PER_PIXEL = 25.5;
    private static final double ALPHA_BYTES_PER_PIXEL = 3;

    private AvifMemory() {}

    /**
     * Returns the memory for encoding a picture, in bytes per pixel, in addition to {@link #FIXED_BYTES} and to the image
     * and the file on the heap.
     */
    static double bytesPerPixel(boolean alpha) {
        return BYTES_PER_PIXEL + (alpha ? ALPHA_BYTES_PER_PIXEL : 0);
    }
}

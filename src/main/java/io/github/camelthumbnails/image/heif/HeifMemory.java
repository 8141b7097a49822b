// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.limits.Memory;

/**
 * Estimates the memory that libheif needs to decode a picture.
 *
 * <p>The numbers are the peak resident memory measured with libheif 1.15 (libde265 1.0.11, dav1d 1.0) and pictures of
 * 12 megapixels. In bytes per pixel, without the image on the heap: 8.2 for HEVC and 7.9 for AV1 with 8 bits and 4:2:0
 * chroma, 10.2 and 12.0 with alpha, 6.9 and 13.6 with 4:4:4 chroma, 12.7 and 14.1 with more than 8 bits, 15.7 with
 * 4:4:4 and more than 8 bits, 17.7 with alpha as well, and 6.2 for a grid of tiles.
 */
final class HeifMemory {

    /**
     * Size of two decoded pixels with 8 bits and 4:2:0 chroma subsampling: two luma samples and one sample of each
     * chroma channel.
     */
    static final int DEFAULT_PAIR_BYTES = 3;

    /**
     * Memory per byte of decoded samples: the decoder's copy, libheif's copy, and the decoder's state of each block.
     */
    private static final double BYTES_PER_SAMPLE_BYTE = 3.2;

    /** Memory per pixel for the RGB image and intermediate results. */
    private static final double BYTES_PER_PIXEL = 4.5;

    /**
     * Memory per pixel for the alpha channel: the decoder's copy, libheif's copy, and the channel in the RGBA image.
     */
    private static final double ALPHA_BYTES_PER_PIXEL = 3;

    /** Memory for the contexts and stacks of the decoder's threads. */
    private static final long FIXED_BYTES = 4 * 1024 * 1024;

    private HeifMemory() {}

    /**
     * Estimates the memory for decoding a picture: the image on the heap, and all else outside it.
     *
     * @param codedPixels number of pixels of the largest picture that is decoded
     * @param pixels number of pixels of the decoded image on the heap
     * @param alpha whether there is an alpha channel
     * @param pairBytes size of two decoded pixels in bytes before the conversion to RGB
     */
    static Memory estimate(long codedPixels, long pixels, boolean alpha, int pairBytes) {
        double perPixel = BYTES_PER_SAMPLE_BYTE * pairBytes / 2 + BYTES_PER_PIXEL + (alpha ? ALPHA_BYTES_PER_PIXEL : 0);
        return new Memory((alpha ? 4 : 3) * pixels, FIXED_BYTES + (long) (perPixel * Math.max(codedPixels, pixels)));
    }
}

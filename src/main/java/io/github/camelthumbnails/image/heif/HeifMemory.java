// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

/**
 * Estimates the memory of a decode by libheif.
 *
 * <p>The numbers were measured with libheif 1.15 (libde265 1.0.11, dav1d 1.0) as the peak of resident memory with pictures of 12
 * megapixels. In bytes per pixel, without the image on the heap: 8.2 for HEVC and 7.9 for AV1 of 8 bits and halved chroma, 10.2 and
 * 12.0 with alpha, 6.9 and 13.6 with full chroma, 12.7 and 14.1 with more than 8 bits, 15.7 with both, 17.7 with alpha besides, and
 * 6.2 for a grid of tiles.
 */
final class HeifMemory {

    /** Bytes of two samples of luma and their chroma, 8 bits each, with chroma halved in both directions. */
    static final int USUAL_PAIR_BYTES = 3;

    /** The decoder's and the library's copy, and what the decoder knows of each block. */
    private static final double BYTES_PER_CODED_BYTE = 3.2;

    /** The pixels as RGB, and intermediate results. */
    private static final double BYTES_PER_PIXEL = 4.5;

    /** The alpha channel as it is coded, as it is copied and among the pixels. */
    private static final double ALPHA_BYTES_PER_PIXEL = 3;

    /** Contexts and stacks of the decoder's threads. */
    private static final long FIXED_BYTES = 4 * 1024 * 1024;

    private HeifMemory() {}

    /**
     * Returns an estimate for the decode of a picture, in bytes.
     *
     * @param codedPixels of the largest picture that is decoded
     * @param pixels of the decoded image on the heap
     * @param alpha whether there is an alpha channel
     * @param pairBytes bytes of two decoded pixels before they become RGB
     */
    static long estimate(long codedPixels, long pixels, boolean alpha, int pairBytes) {
        double perPixel = BYTES_PER_CODED_BYTE * pairBytes / 2 + BYTES_PER_PIXEL + (alpha ? ALPHA_BYTES_PER_PIXEL : 0);
        return FIXED_BYTES + (long) (perPixel * Math.max(codedPixels, pixels)) + (alpha ? 4 : 3) * pixels;
    }
}

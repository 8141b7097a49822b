// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

/**
 * Reads a source image as rows of samples, reduced by means, and writes the rows of a target image. A row of samples
 * consists of pixels one after the other.
 */
interface SampleRows {

    /** Returns how weighted pixels are packed. */
    PackedPixels packing();

    /** Returns the number of {@code long} values that a packed pixel takes, each of which is in an array of its own. */
    int planes();

    /** Returns the number of samples per pixel. */
    int samples();

    /** Returns the number of fraction bits of samples, which keep the precision of means. */
    int fractionBits();

    /**
     * Reads a row of means of the source image. The last row and the last column are repeated if there are not enough.
     *
     * @param y first row of the source image
     * @param rowShift binary logarithm of the number of rows per mean
     * @param columnShift binary logarithm of the number of columns per mean
     */
    void read(int y, int rowShift, int columnShift, int[] samples);

    /**
     * Packs the pixels of a row.
     *
     * @param samples the samples, without a fraction, not negative and with at most {@link PackedPixels#sampleBits} + 2
     *     bits each
     */
    void pack(int[] samples, long[][] pixels);

    /** Writes a row of the target image. */
    void write(int y, long[][] weighted);
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

/**
 * Reads the rows of a source image as samples with the same number of bits and writes the rows of a target image. A row
 * of samples consists of pixels one after the other.
 */
interface SampleRows {

    /** Returns how pixels are packed. */
    PackedPixels packing();

    /** Returns the number of {@code long} values that a packed pixel takes, each of which is in an array of its own. */
    int planes();

    /** Returns the number of samples per pixel. */
    int samples();

    /**
     * Reads a row of the source image, or the mean of several rows. The last row is repeated if there are not enough.
     *
     * @param shift binary logarithm of the number of rows
     */
    void read(int y, int shift, int[] samples);

    /**
     * Packs the pixels of a row.
     *
     * @param samples the samples, not negative and with at most {@link PackedPixels#sampleBits} + 2 bits each
     */
    void pack(int[] samples, long[][] pixels);

    /** Packs the sums of two adjacent pixels each. */
    void packPairs(int[] samples, long[][] pixels);

    /** Writes a row of the target image. */
    void write(int y, long[][] weighted);
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Computes the means of rows and of columns of images with one byte per sample. */
final class ByteMeans {

    /** Number of fraction bits of the means of columns. */
    static final int FRACTION_BITS = 4;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Mask for every second one of eight bytes. */
    private static final long EVEN = 0x00FF00FF00FF00FFL;

    private final int length;
    private final long[] even;
    private final long[] odd;
    private final byte[] means;

    /**
     * Creates an object that computes means of rows.
     *
     * @param length number of samples per row
     */
    ByteMeans(int length) {
        this.length = length;
        even = new long[(length + 7) / 8];
        odd = new long[even.length];
        means = new byte[8 * even.length];
    }

    /**
     * Starts to compute a mean. Half of the samples will be rounded half up and the others half down.
     *
     * @param shift binary logarithm of the number of rows, at most 8
     */
    void start(int shift) {
        Arrays.fill(even, EVEN / 0xFF * (1L << shift - 1));
        Arrays.fill(odd, EVEN / 0xFF * ((1L << shift - 1) - 1));
    }

    /** Adds a row. */
    void add(byte[] row, int start) {
        add(row, start, length, even, odd);
    }

    /** Returns the mean of the rows. The array is reused for the next mean. */
    byte[] finish(int shift) {
        divide(even, odd, shift, means);
        return means;
    }

    /** Adds samples to sums of 16 bits each, eight samples at a time. */
    private static void add(byte[] in, int start, int length, long[] even, long[] odd) {
        int whole = length / 8;
        for (int i = 0; i < whole; i++) {
            long eight = (long) LONGS.get(in, start + 8 * i);
            even[i] += eight & EVEN;
            odd[i] += eight >>> 8 & EVEN;
        }
        for (int i = 8 * whole; i < length; i++) {
            long[] sums = i % 2 == 0 ? even : odd;
            sums[whole] += (in[start + i] & 0xFFL) << i % 8 / 2 * 16;
        }
    }

    private static void divide(long[] even, long[] odd, int shift, byte[] out) {
        for (int i = 0; i < even.length; i++) {
            LONGS.set(out, 8 * i, even[i] >>> shift & EVEN | (odd[i] >>> shift & EVEN) << 8);
        }
    }

    /**
     * Computes the means of columns of a row. The last pixel is repeated if there are not enough.
     *
     * @param width number of pixels of the row
     * @param bands number of samples per pixel
     * @param shift binary logarithm of the number of columns per mean
     * @param means the result, with {@link #FRACTION_BITS}
     */
    static void ofColumns(byte[] row, int start, int width, int bands, int shift, int[] means) {
        int whole = bands * (width >> shift);
        if (shift == 0) {
            copy(row, start, means);
        } else if (bands == 1) {
            averageGreys(row, start, shift, means, whole);
        } else if (shift == 1) {
            averagePairs(row, start, means, whole);
        } else {
            averageColors(row, start, shift, means, whole);
        }
        if (whole < means.length) {
            averageLast(row, start, width, bands, shift, means);
        }
    }

    private static void copy(byte[] in, int start, int[] samples) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (in[start + i] & 0xFF) << FRACTION_BITS;
        }
    }

    private static void averagePairs(byte[] in, int start, int[] samples, int end) {
        for (int i = 0, from = start; i < end; i += 3, from += 6) {
            samples[i] = (in[from] & 0xFF) + (in[from + 3] & 0xFF) << FRACTION_BITS - 1;
            samples[i + 1] = (in[from + 1] & 0xFF) + (in[from + 4] & 0xFF) << FRACTION_BITS - 1;
            samples[i + 2] = (in[from + 2] & 0xFF) + (in[from + 5] & 0xFF) << FRACTION_BITS - 1;
        }
    }

    private static void averageColors(byte[] in, int start, int shift, int[] samples, int end) {
        for (int i = 0, from = start; i < end; i += 3) {
            int a = 0;
            int b = 0;
            int c = 0;
            for (int next = from + (3 << shift); from < next; from += 12) {
                a += (in[from] & 0xFF) + (in[from + 3] & 0xFF) + (in[from + 6] & 0xFF) + (in[from + 9] & 0xFF);
                b += (in[from + 1] & 0xFF) + (in[from + 4] & 0xFF) + (in[from + 7] & 0xFF) + (in[from + 10] & 0xFF);
                c += (in[from + 2] & 0xFF) + (in[from + 5] & 0xFF) + (in[from + 8] & 0xFF) + (in[from + 11] & 0xFF);
            }
            samples[i] = a << FRACTION_BITS >> shift;
            samples[i + 1] = b << FRACTION_BITS >> shift;
            samples[i + 2] = c << FRACTION_BITS >> shift;
        }
    }

    private static void averageGreys(byte[] in, int start, int shift, int[] samples, int end) {
        for (int i = 0, from = start; i < end; i++) {
            int sum = 0;
            for (int next = from + (1 << shift); from < next; from += 2) {
                sum += (in[from] & 0xFF) + (in[from + 1] & 0xFF);
            }
            samples[i] = sum << FRACTION_BITS >> shift;
        }
    }

    private static void averageLast(byte[] in, int start, int width, int bands, int shift, int[] samples) {
        for (int band = 0; band < bands; band++) {
            int sum = 0;
            for (int i = 0, x = width >> shift << shift; i < 1 << shift; i++, x++) {
                sum += in[start + Math.min(x, width - 1) * bands + band] & 0xFF;
            }
            samples[samples.length - bands + band] = sum << FRACTION_BITS >> shift;
        }
    }
}

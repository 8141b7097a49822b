// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Reads and writes images with an alpha channel. Colours are multiplied by alpha and alpha by 255, so that no precision
 * is lost. One plane contains blue and green, and the other one red and alpha.
 */
final class AlphaRows implements SampleRows {

    private static final PackedPixels PACKING = new PackedPixels(32, 2, 16, 14);
    private static final int OPAQUE = 255 * 255;

    private final BufferedImage target;
    private final ArgbRows in;
    private final int width;
    private final int lastRow;
    private final int[] row;
    private final int[] outRow;

    AlphaRows(BufferedImage source, BufferedImage target) {
        this.target = target;
        in = ArgbRows.of(source);
        lastRow = source.getHeight() - 1;
        width = source.getWidth();
        row = new int[width + 63 & -64]; // for the largest means
        outRow = new int[target.getWidth()];
    }

    @Override
    public PackedPixels packing() {
        return PACKING;
    }

    @Override
    public int planes() {
        return 2;
    }

    @Override
    public int samples() {
        return 4;
    }

    @Override
    public int fractionBits() {
        return 0;
    }

    @Override
    public void read(int y, int rowShift, int columnShift, int[] samples) {
        int shift = rowShift + columnShift;
        Arrays.fill(samples, (1 << shift) / 2);
        for (int i = 0; i < 1 << rowShift; i++) {
            in.read(Math.min(y + i, lastRow), row);
            Arrays.fill(row, width, row.length, row[width - 1]);
            if (columnShift == 0) {
                add(row, samples);
            } else {
                add(row, columnShift, samples);
            }
        }
        for (int i = 0; i < samples.length; i++) {
            samples[i] >>= shift;
        }
    }

    private static void add(int[] argb, int[] sums) {
        for (int x = 0, i = 0; i < sums.length; x++, i += 4) {
            int alpha = argb[x] >>> 24;
            sums[i] += (argb[x] & 0xFF) * alpha;
            sums[i + 1] += (argb[x] >> 8 & 0xFF) * alpha;
            sums[i + 2] += (argb[x] >> 16 & 0xFF) * alpha;
            sums[i + 3] += 255 * alpha;
        }
    }

    private static void add(int[] argb, int shift, int[] sums) {
        for (int x = 0, i = 0; i < sums.length; i += 4) {
            int blue = 0;
            int green = 0;
            int red = 0;
            int alphas = 0;
            for (int end = x + (1 << shift); x < end; x++) {
                int alpha = argb[x] >>> 24;
                blue += (argb[x] & 0xFF) * alpha;
                green += (argb[x] >> 8 & 0xFF) * alpha;
                red += (argb[x] >> 16 & 0xFF) * alpha;
                alphas += alpha;
            }
            sums[i] += blue;
            sums[i + 1] += green;
            sums[i + 2] += red;
            sums[i + 3] += 255 * alphas;
        }
    }

    @Override
    public void pack(int[] samples, long[][] pixels) {
        pack(samples, pixels[0], pixels[1]);
    }

    private static void pack(int[] samples, long[] blueGreen, long[] redAlpha) {
        for (int x = 0, i = 0; i < samples.length; x++, i += 4) {
            blueGreen[x] = samples[i] | (long) samples[i + 1] << 32;
            redAlpha[x] = samples[i + 2] | (long) samples[i + 3] << 32;
        }
    }

    @Override
    public void write(int y, long[][] weighted) {
        for (int x = 0; x < outRow.length; x++) {
            long blueGreen = weighted[0][x];
            long redAlpha = weighted[1][x];
            int alpha = PACKING.sample(redAlpha, 32);
            int alphaByte = Math.min((alpha + 127) / 255, 255);
            outRow[x] = alphaByte == 0
                    ? 0
                    : alphaByte << 24
                            | divide(PACKING.sample(redAlpha, 0), alpha) << 16
                            | divide(PACKING.sample(blueGreen, 32), alpha) << 8
                            | divide(PACKING.sample(blueGreen, 0), alpha);
        }
        ArgbRows.write(target, y, outRow);
    }

    /** Divides a colour by alpha. Both may exceed their range, because the filter exaggerates edges a little. */
    private static int divide(int color, int alpha) {
        int quotient = alpha == OPAQUE ? (color + 127) / 255 : (color * 255 + alpha / 2) / alpha;
        return Math.min(quotient, 255);
    }
}

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
    private final int[] row;
    private final int[] outRow;

    AlphaRows(BufferedImage source, BufferedImage target) {
        this.target = target;
        in = ArgbRows.of(source);
        row = new int[source.getWidth()];
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
    public void read(int y, int[] samples) {
        Arrays.fill(samples, 0);
        add(y, samples);
    }

    @Override
    public void add(int y, int[] sums) {
        in.read(y, row);
        add(row, sums);
    }

    private static void add(int[] argb, int[] sums) {
        for (int x = 0, i = 0; x < argb.length; x++, i += 4) {
            int alpha = argb[x] >>> 24;
            sums[i] += (argb[x] & 0xFF) * alpha;
            sums[i + 1] += (argb[x] >> 8 & 0xFF) * alpha;
            sums[i + 2] += (argb[x] >> 16 & 0xFF) * alpha;
            sums[i + 3] += 255 * alpha;
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
    public void packPairs(int[] samples, long[][] sums) {
        packPairs(samples, sums[0], sums[1]);
    }

    private static void packPairs(int[] samples, long[] blueGreen, long[] redAlpha) {
        for (int x = 0, i = 0; i < samples.length; x++, i += 8) {
            blueGreen[x] = samples[i] + samples[i + 4] | (long) (samples[i + 1] + samples[i + 5]) << 32;
            redAlpha[x] = samples[i + 2] + samples[i + 6] | (long) (samples[i + 3] + samples[i + 7]) << 32;
        }
    }

    @Override
    public void write(int y, long[][] weighted) {
        for (int x = 0; x < outRow.length; x++) {
            long blueGreen = weighted[0][x];
            long redAlpha = weighted[1][x];
            int alpha = PACKING.sample(redAlpha, 32, OPAQUE);
            int alphaByte = (alpha + 127) / 255;
            outRow[x] = alphaByte == 0
                    ? 0
                    : alphaByte << 24
                            | divide(PACKING.sample(redAlpha, 0, OPAQUE), alpha) << 16
                            | divide(PACKING.sample(blueGreen, 32, OPAQUE), alpha) << 8
                            | divide(PACKING.sample(blueGreen, 0, OPAQUE), alpha);
        }
        ArgbRows.write(target, y, outRow);
    }

    /** Divides a colour by alpha. It may exceed alpha because the filter exaggerates edges a little. */
    private static int divide(int color, int alpha) {
        return alpha == OPAQUE ? (color + 127) / 255 : Math.min(255, (color * 255 + alpha / 2) / alpha);
    }
}

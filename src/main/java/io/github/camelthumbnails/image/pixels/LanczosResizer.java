// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import net.coobird.thumbnailator.resizers.Resizer;

/**
 * Resizes an image to any size with a Lanczos filter of two lobes, in the values of the file, not in linear light. Three
 * lobes would be sharper and take half as long again. Pixels beyond an edge have the colour of the edge. Colours are
 * weighted by alpha, so that transparent pixels do not cause dark or light edges.
 *
 * <p>Large reductions first take the mean of 2, 4 or more rows and columns, as long as the filter still reduces by at
 * least {@link #MIN_FILTERED}. This is several times faster and differs little.
 *
 * <p>Needs no copy of the source, only as many rows as a target row depends on: at most 14.
 */
public final class LanczosResizer implements Resizer {

    /** Minimum factor by which the filter reduces after a reduction by means. Less would blur fine details. */
    private static final double MIN_FILTERED = 1.5;

    /** Maximum number of rows or columns of a mean, as a power of two, because larger sums would overflow. */
    private static final int MAX_SHIFT = 6;

    /** Number of fraction bits of the weights of rows: with samples of 16 bits, sums have up to 31. */
    private static final int ROW_WEIGHT_BITS = 14;

    /** Maximum number of rows that a target row depends on, after the means. */
    private static final int MAX_ROWS = 14;

    /** The resizer for images whose pixels are all complete. */
    static final Resizer INSTANCE = new LanczosResizer(0, 0);

    private final double missingColumns;
    private final double missingRows;

    private LanczosResizer(double missingColumns, double missingRows) {
        this.missingColumns = missingColumns;
        this.missingRows = missingRows;
    }

    /**
     * Returns a resizer for an image whose last column or row is only partly covered by the picture. A JPEG decoder that
     * scales to eighths rounds up: three eighths of 100 columns are 38 columns, of which half a column is missing.
     * Resizing all 38 would stretch the picture visibly.
     *
     * @param columns width of the picture in columns of the image, for example 37.5
     * @param rows height of the picture in rows of the image
     */
    public static Resizer forExtent(BufferedImage source, double columns, double rows) {
        return new LanczosResizer(source.getWidth() - columns, source.getHeight() - rows);
    }

    /**
     * Estimates the memory for a resize in bytes, without the two images: the weights and the buffered rows. They matter for
     * pictures of a few very long rows.
     */
    public static long memory(Dimension source, Dimension target) {
        long rowsOfSamples = 16L * Math.min(source.height, MAX_ROWS) * source.width;
        return rowsOfSamples + 100L * (source.width + source.height) + 80L * (target.width + target.height);
    }

    /**
     * Returns whether a resize begins by taking the mean of 2 or more rows and columns. A source that is already half as
     * large is then as good.
     */
    public static boolean halvesFirst(Dimension source, Dimension target) {
        return isHalvedFirst(source.width, target.width) && isHalvedFirst(source.height, target.height);
    }

    private static boolean isHalvedFirst(int source, long target) {
        return source >= 2 * MIN_FILTERED * target;
    }

    @Override
    public void resize(BufferedImage source, BufferedImage target) {
        boolean alpha = source.getColorModel().hasAlpha();
        SampleRows rows = alpha ? new AlphaRows(source, target) : new OpaqueRows(source, target);
        PackedPixels packing = rows.packing();
        Axis vertical = Axis.of(source.getHeight(), missingRows, target.getHeight(), ROW_WEIGHT_BITS);
        Axis horizontal = Axis.of(source.getWidth(), missingColumns, target.getWidth(), packing.weightBits());
        int rowLength = rows.samples() * horizontal.length;
        int[][] ring = new int[vertical.weights.span()][rowLength];
        int[] row = new int[rowLength];
        long[][] columns = new long[rows.planes()][horizontal.length + horizontal.weights.padding()];
        long[][] pixels = new long[rows.planes()][target.getWidth()];
        int read = 0;
        for (int y = 0; y < target.getHeight(); y++) {
            int end = Math.min(vertical.weights.first()[y] + ring.length, vertical.length);
            for (; read < end; read++) {
                rows.read(read << vertical.shift, vertical.shift, horizontal.shift, ring[read % ring.length]);
            }
            weightRows(vertical.weights, y, ring, row);
            normalize(row, ROW_WEIGHT_BITS + rows.fractionBits(), packing.bias());
            rows.pack(row, columns);
            for (int plane = 0; plane < columns.length; plane++) {
                packing.weight(horizontal.weights, columns[plane], pixels[plane]);
            }
            rows.write(y, pixels);
        }
    }

    /** Computes the weighted sum of rows. Row number n is at index n modulo the number of rows. */
    private static void weightRows(LanczosWeights weights, int y, int[][] rows, int[] sums) {
        Arrays.fill(sums, 0);
        int row = weights.first()[y];
        for (int tap = 0; tap < weights.span(); tap += LanczosWeights.GROUP, row += LanczosWeights.GROUP) {
            int[] group = weights.groups()[tap / LanczosWeights.GROUP];
            int i = y * LanczosWeights.GROUP;
            int[] a = rows[row % rows.length];
            int[] b = rows[(row + 1) % rows.length];
            if (weights.span() - tap > 2) {
                int[] c = rows[(row + 2) % rows.length];
                int[] d = rows[(row + 3) % rows.length];
                addFour(sums, a, group[i], b, group[i + 1], c, group[i + 2], d, group[i + 3]);
            } else {
                addTwo(sums, a, group[i], b, group[i + 1]);
            }
        }
    }

    // HotSpot compiles loops as simple as the following ones to vector instructions.

    private static void addFour(
            int[] sums, int[] a, int weightA, int[] b, int weightB, int[] c, int weightC, int[] d, int weightD) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[i] * weightA + b[i] * weightB + c[i] * weightC + d[i] * weightD;
        }
    }

    private static void addTwo(int[] sums, int[] a, int weightA, int[] b, int weightB) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[i] * weightA + b[i] * weightB;
        }
    }

    /** Rounds weighted sums and adds a bias. */
    private static void normalize(int[] sums, int bits, int bias) {
        int summand = (bias << bits) + (1 << bits - 1);
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sums[i] + summand >>> bits;
        }
    }

    /**
     * Describes the resize of one axis.
     *
     * @param shift number of times that the source is halved before it is filtered
     * @param length number of pixels after that
     */
    private record Axis(int shift, int length, LanczosWeights weights) {

        static Axis of(int source, double missing, int target, int weightBits) {
            int shift = 0;
            while (shift < MAX_SHIFT && isHalvedFirst(source, (long) target << shift)) {
                shift++;
            }
            int length = (source + (1 << shift) - 1) >> shift;
            double scale = (source - missing) / (1 << shift) / target;
            return new Axis(shift, length, LanczosWeights.create(length, target, scale, weightBits));
        }
    }
}

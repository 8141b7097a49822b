// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Counts the pixels of each colour, with similar colours counted as one, and reduces the colours to a palette. */
final class GifHistogram {

    /**
     * Number of high bits of red, green and blue to compare. Colours that differ only in the other bits count as
     * one.
     */
    private static final int SIGNIFICANT_BITS = 5;

    /** Number of k-means iterations, which move each colour to the mean of the pixels that it stands for. */
    private static final int ITERATIONS = 2;

    /** For each entry, the number of pixels and the means of their red, green and blue. */
    private final float[][] entries;

    /** Indexes of the entries, ordered so that the entries of a box are adjacent. */
    private final int[] order;

    /** Counts the colours of these pixels. */
    GifHistogram(int[] pixels) {
        long[] sums = new long[4 << 3 * SIGNIFICANT_BITS];
        for (int pixel : pixels) {
            int shift = Byte.SIZE - SIGNIFICANT_BITS;
            int start = 4
                    * ((GifPalette.red(pixel) >> shift) << 2 * SIGNIFICANT_BITS
                            | (GifPalette.green(pixel) >> shift) << SIGNIFICANT_BITS
                            | GifPalette.blue(pixel) >> shift);
            sums[start]++;
            sums[start + 1] += GifPalette.red(pixel);
            sums[start + 2] += GifPalette.green(pixel);
            sums[start + 3] += GifPalette.blue(pixel);
        }
        entries = IntStream.range(0, sums.length / 4)
                .filter(i -> sums[4 * i] > 0)
                .mapToObj(i -> new float[] {
                    sums[4 * i],
                    (float) sums[4 * i + 1] / sums[4 * i],
                    (float) sums[4 * i + 2] / sums[4 * i],
                    (float) sums[4 * i + 3] / sums[4 * i]
                })
                .toArray(float[][]::new);
        order = IntStream.range(0, entries.length).toArray();
    }

    /**
     * Reduces the colours to at most this number. Splits the box with the largest error in two until there are enough
     * boxes, and then improves the colours by k-means.
     */
    int[] reduce(int maxColors) {
        PriorityQueue<Box> boxes = new PriorityQueue<>(Comparator.comparingDouble(box -> -box.error));
        boxes.add(new Box(0, order.length));
        while (boxes.size() < maxColors && boxes.element().error > 0) {
            Box box = boxes.remove();
            int middle = box.split();
            boxes.add(new Box(box.from, middle));
            boxes.add(new Box(middle, box.to));
        }
        int[] colors = boxes.stream().mapToInt(box -> rgb(box.mean)).toArray();
        for (int i = 0; i < ITERATIONS; i++) {
            colors = moveToMeans(new GifPalette(colors));
        }
        return colors;
    }

    private int[] moveToMeans(GifPalette palette) {
        double[][] sums = new double[palette.colors().length][4];
        for (float[] entry : entries) {
            double[] sum = sums[palette.searchNearest(rgb(entry))];
            sum[0] += entry[0];
            for (int i = 1; i < 4; i++) {
                sum[i] += entry[0] * entry[i];
            }
        }
        return Arrays.stream(sums)
                .filter(sum -> sum[0] > 0)
                .mapToInt(sum -> rgb(
                        new float[] {0, (float) (sum[1] / sum[0]), (float) (sum[2] / sum[0]), (float) (sum[3] / sum[0])
                        }))
                .toArray();
    }

    private static int rgb(float[] mean) {
        return 0xFF << 24 | Math.round(mean[1]) << 16 | Math.round(mean[2]) << 8 | Math.round(mean[3]);
    }

    /** A box of similar entries that one colour of the palette stands for. */
    private final class Box {

        private final int from;
        private final int to;
        private final float[] mean = new float[4];
        private final double error;
        private int axis;

        Box(int from, int to) {
            this.from = from;
            this.to = to;
            double weight = 0;
            double[] sums = new double[4];
            double[] squares = new double[4];
            for (int i = from; i < to; i++) {
                float[] entry = entries[order[i]];
                weight += entry[0];
                for (int j = 1; j < 4; j++) {
                    sums[j] += (double) entry[0] * entry[j];
                    squares[j] += (double) entry[0] * entry[j] * entry[j];
                }
            }
            double totalError = 0;
            double largestError = -1;
            for (int j = 1; j < 4; j++) {
                mean[j] = (float) (sums[j] / weight);
                double axisError = squares[j] - sums[j] * sums[j] / weight;
                totalError += axisError;
                if (axisError > largestError) {
                    largestError = axisError;
                    axis = j;
                }
            }
            error = to - from > 1 ? totalError : 0;
        }

        /**
         * Moves the entries below the mean of the widest axis to the front and returns the index of the first other
         * entry.
         */
        int split() {
            int low = from;
            int high = to - 1;
            while (low <= high) {
                if (entries[order[low]][axis] <= mean[axis]) {
                    low++;
                } else {
                    int swapped = order[low];
                    order[low] = order[high];
                    order[high--] = swapped;
                }
            }
            return Math.max(from + 1, Math.min(to - 1, low)); // neither half may be empty
        }
    }
}

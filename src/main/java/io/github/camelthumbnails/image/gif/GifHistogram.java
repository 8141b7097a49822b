// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** How many pixels there are of each colour, similar colours taken together. */
final class GifHistogram {

    /** Colours that differ in the lower bits only are counted as one. */
    private static final int BITS = 5;

    /** How often the colours found by cutting are moved to the middle of the pixels that they stand for. */
    private static final int ROUNDS = 2;

    /** By entry: how many pixels, and the mean of their red, green and blue. */
    private final float[][] entries;

    /** The entries, in such an order that those of a box are side by side. */
    private final int[] order;

    GifHistogram(int[] pixels) {
        long[] sums = new long[4 << 3 * BITS];
        for (int pixel : pixels) {
            int shift = Byte.SIZE - BITS;
            int start = 4
                    * ((GifPalette.red(pixel) >> shift) << 2 * BITS
                            | (GifPalette.green(pixel) >> shift) << BITS
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

    /** Cuts the box with the largest error in two until there are enough, and then improves on them. */
    int[] colors(int most) {
        PriorityQueue<Box> boxes = new PriorityQueue<>(Comparator.comparingDouble(box -> -box.error));
        boxes.add(new Box(0, order.length));
        while (boxes.size() < most && boxes.element().error > 0) {
            Box box = boxes.remove();
            int middle = box.cut();
            boxes.add(new Box(box.from, middle));
            boxes.add(new Box(middle, box.to));
        }
        int[] colors = boxes.stream().mapToInt(box -> rgb(box.mean)).toArray();
        for (int i = 0; i < ROUNDS; i++) {
            colors = moved(new GifPalette(colors));
        }
        return colors;
    }

    private int[] moved(GifPalette palette) {
        double[][] sums = new double[palette.colors().length][4];
        for (float[] entry : entries) {
            double[] sum = sums[palette.search(rgb(entry))];
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

    /** Entries that one colour is to stand for. */
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
            double all = 0;
            double largest = -1;
            for (int j = 1; j < 4; j++) {
                mean[j] = (float) (sums[j] / weight);
                double one = squares[j] - sums[j] * sums[j] / weight;
                all += one;
                if (one > largest) {
                    largest = one;
                    axis = j;
                }
            }
            error = to - from > 1 ? all : 0;
        }

        /** Puts the entries below the mean first and returns where the others begin. */
        int cut() {
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
            return Math.max(from + 1, Math.min(to - 1, low)); // equal ones are not all on one side
        }
    }
}

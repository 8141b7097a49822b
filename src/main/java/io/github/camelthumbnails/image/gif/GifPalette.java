// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * The colours of a frame: exactly those of its pixels if there are few, else those that differ least from them. ImageIO's own
 * choice is much farther off, and slower.
 */
final class GifPalette {

    /** Colours that differ in the lower bits only are counted as one. */
    private static final int BITS = 5;

    /** How often the colours found by cutting are moved to the middle of the pixels that they stand for. */
    private static final int ROUNDS = 2;

    /** Slots of the small tables of colours by hash. */
    private static final int HASH_BITS = 12;

    private final int[] colors;

    /** By green, the index of the first colour with so much of it, where a search begins. */
    private final int[] starts = new int[257];

    private final int[] recentColors = new int[1 << HASH_BITS];
    private final int[] recentIndexes = new int[1 << HASH_BITS];

    private GifPalette(int[] colors) {
        this.colors = IntStream.of(colors)
                .boxed()
                .sorted(Comparator.comparingInt(GifPalette::green))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int color : colors) {
            starts[green(color) + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        Arrays.fill(recentIndexes, -1);
    }

    /**
     * Finds it.
     *
     * @param pixels as RGB; opaque
     * @param most colours
     */
    static GifPalette of(int[] pixels, int most) {
        if (pixels.length == 0) {
            return new GifPalette(new int[] {0xFF << 24}); // a table cannot be empty
        }
        int[] exact = distinct(pixels, most);
        return new GifPalette(exact != null ? exact : new Histogram(pixels).colors(most));
    }

    /** All of them, as RGB. */
    int[] colors() {
        return colors;
    }

    /** The index of the colour that differs least from this one. */
    int nearest(int color) {
        int slot = hash(color);
        if (recentIndexes[slot] < 0 || recentColors[slot] != color) {
            recentColors[slot] = color;
            recentIndexes[slot] = search(color);
        }
        return recentIndexes[slot];
    }

    /** Goes up and down from the same green, as far as the green alone does not differ too much. */
    private int search(int color) {
        int green = green(color);
        int best = 0;
        int least = Integer.MAX_VALUE;
        int up = starts[green];
        int down = up - 1;
        while (up < colors.length || down >= 0) {
            if (up < colors.length) {
                int distance = distance(color, colors[up]);
                if (distance < least) {
                    least = distance;
                    best = up;
                }
                up = square(green(colors[up]) - green) >= least ? colors.length : up + 1;
            }
            if (down >= 0) {
                int distance = distance(color, colors[down]);
                if (distance < least) {
                    least = distance;
                    best = down;
                }
                down = square(green(colors[down]) - green) >= least ? -1 : down - 1;
            }
        }
        return best;
    }

    /** The sum of the squares of what two colours differ in. */
    static int distance(int a, int b) {
        return square(red(a) - red(b)) + square(green(a) - green(b)) + square(blue(a) - blue(b));
    }

    /** The colours of these pixels; null if there are more. */
    private static int[] distinct(int[] pixels, int most) {
        int[] colors = new int[most];
        int[] slots = new int[1 << HASH_BITS]; // index + 1
        int count = 0;
        for (int pixel : pixels) {
            int slot = hash(pixel);
            while (slots[slot] != 0 && colors[slots[slot] - 1] != pixel) {
                slot = slot + 1 & slots.length - 1;
            }
            if (slots[slot] == 0) {
                if (count == most) {
                    return null;
                }
                colors[count++] = pixel;
                slots[slot] = count;
            }
        }
        return Arrays.copyOf(colors, count);
    }

    private static int hash(int color) {
        return color * 0x9E3779B1 >>> Integer.SIZE - HASH_BITS;
    }

    private static int square(int value) {
        return value * value;
    }

    private static int red(int color) {
        return color >> 16 & 0xFF;
    }

    private static int green(int color) {
        return color >> 8 & 0xFF;
    }

    private static int blue(int color) {
        return color & 0xFF;
    }

    /** How many pixels there are of each colour, similar colours taken together. */
    private static final class Histogram {

        /** By entry: how many pixels, and the mean of their red, green and blue. */
        private final float[][] entries;

        /** The entries, in such an order that those of a box are side by side. */
        private final int[] order;

        Histogram(int[] pixels) {
            long[] sums = new long[4 << 3 * BITS];
            for (int pixel : pixels) {
                int shift = Byte.SIZE - BITS;
                int start = 4
                        * ((red(pixel) >> shift) << 2 * BITS | (green(pixel) >> shift) << BITS | blue(pixel) >> shift);
                sums[start]++;
                sums[start + 1] += red(pixel);
                sums[start + 2] += green(pixel);
                sums[start + 3] += blue(pixel);
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
            double[][] sums = new double[palette.colors.length][4];
            for (float[] entry : entries) {
                double[] sum = sums[palette.search(rgb(entry))];
                sum[0] += entry[0];
                for (int i = 1; i < 4; i++) {
                    sum[i] += entry[0] * entry[i];
                }
            }
            return Arrays.stream(sums)
                    .filter(sum -> sum[0] > 0)
                    .mapToInt(sum -> rgb(new float[] {
                        0, (float) (sum[1] / sum[0]), (float) (sum[2] / sum[0]), (float) (sum[3] / sum[0])
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
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The colours of a frame: exactly those of its pixels if there are few, else those that differ least from them. ImageIO's own
 * choice is much farther off, and slower.
 */
final class GifPalette {

    /** Slots of the small tables of colours by hash. */
    private static final int HASH_BITS = 12;

    private final int[] colors;

    /** By green, the index of the first colour with so much of it, where a search begins. */
    private final int[] starts = new int[257];

    private final int[] recentColors = new int[1 << HASH_BITS];
    private final int[] recentIndexes = new int[1 << HASH_BITS];

    GifPalette(int[] colors) {
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
        return new GifPalette(exact != null ? exact : new GifHistogram(pixels).colors(most));
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
    int search(int color) {
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

    static int red(int color) {
        return color >> 16 & 0xFF;
    }

    static int green(int color) {
        return color >> 8 & 0xFF;
    }

    static int blue(int color) {
        return color & 0xFF;
    }
}

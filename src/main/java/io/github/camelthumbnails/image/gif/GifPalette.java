// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses the palette of a frame and finds the nearest palette colour for a pixel. A frame of few colours keeps them
 * exactly. ImageIO's own quantiser is slower and much less accurate.
 */
final class GifPalette {

    /** Number of bits of a hash, which is the index into the small hash tables of colours. */
    private static final int HASH_BITS = 12;

    private final int[] colors;

    /** For each value of green, the index of the first colour with at least that much green. Searches begin there. */
    private final int[] firstByGreen = new int[257];

    /** Cache of the last colour that was looked up in each slot. */
    private final int[] recentColors = new int[1 << HASH_BITS];

    /** Cache of the results; -1 for an unused slot. */
    private final int[] recentIndexes = new int[1 << HASH_BITS];

    /** Creates a palette of these colours, sorted by green. */
    GifPalette(int[] colors) {
        this.colors = IntStream.of(colors)
                .boxed()
                .sorted(Comparator.comparingInt(GifPalette::green))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int color : colors) {
            firstByGreen[green(color) + 1]++;
        }
        Arrays.parallelPrefix(firstByGreen, Integer::sum);
        Arrays.fill(recentIndexes, -1);
    }

    /**
     * Chooses the palette for these pixels.
     *
     * @param pixels opaque pixels as ARGB
     * @param maxColors maximum number of colours
     */
    static GifPalette choose(int[] pixels, int maxColors) {
        if (pixels.length == 0) {
            return new GifPalette(new int[] {0xFF << 24}); // a table cannot be empty
        }
        int[] exact = distinctColors(pixels, maxColors);
        return new GifPalette(exact != null ? exact : new GifHistogram(pixels).reduce(maxColors));
    }

    /** Returns the colours as ARGB, in the order of their indexes. */
    int[] colors() {
        return colors;
    }

    /** Returns the index of the palette colour that is nearest to a colour. Caches recent results. */
    int nearestIndex(int color) {
        int slot = hash(color);
        if (recentIndexes[slot] < 0 || recentColors[slot] != color) {
            recentColors[slot] = color;
            recentIndexes[slot] = searchNearest(color);
        }
        return recentIndexes[slot];
    }

    /**
     * Searches for the nearest colour, up and down from the same green, until green alone differs more than the best
     * match.
     */
    int searchNearest(int color) {
        int green = green(color);
        int best = 0;
        int smallestDistance = Integer.MAX_VALUE;
        int up = firstByGreen[green];
        int down = up - 1;
        while (up < colors.length || down >= 0) {
            if (up < colors.length) {
                int distance = distance(color, colors[up]);
                if (distance < smallestDistance) {
                    smallestDistance = distance;
                    best = up;
                }
                up = square(green(colors[up]) - green) >= smallestDistance ? colors.length : up + 1;
            }
            if (down >= 0) {
                int distance = distance(color, colors[down]);
                if (distance < smallestDistance) {
                    smallestDistance = distance;
                    best = down;
                }
                down = square(green(colors[down]) - green) >= smallestDistance ? -1 : down - 1;
            }
        }
        return best;
    }

    /** Returns the squared distance of two colours in RGB space. */
    static int distance(int a, int b) {
        return square(red(a) - red(b)) + square(green(a) - green(b)) + square(blue(a) - blue(b));
    }

    /** Returns the distinct colours of these pixels, or null if there are more than the maximum. */
    private static int[] distinctColors(int[] pixels, int maxColors) {
        int[] colors = new int[maxColors];
        int[] slots = new int[1 << HASH_BITS]; // index + 1
        int count = 0;
        for (int pixel : pixels) {
            int slot = hash(pixel);
            while (slots[slot] != 0 && colors[slots[slot] - 1] != pixel) {
                slot = slot + 1 & slots.length - 1;
            }
            if (slots[slot] == 0) {
                if (count == maxColors) {
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

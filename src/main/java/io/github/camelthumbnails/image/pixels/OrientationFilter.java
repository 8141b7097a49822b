// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import net.coobird.thumbnailator.filters.ImageFilter;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Turns a thumbnail of one of the types of {@link HalfSizeResizer#targetType} upright, by a copy of its pixels. Thumbnailator's own filter draws it with Java2D, which takes longer than all
 * else that is done to a JPEG.
 */
public record OrientationFilter(Orientation orientation) implements ImageFilter {

    /** Pixels of a row that are turned before the next row is: where they go to stays in the processor's cache then. */
    private static final int TILE = 32;

    @Override
    public BufferedImage apply(BufferedImage stored) {
        if (orientation == Orientation.TOP_LEFT) {
            return stored;
        }
        boolean sideways = isSideways(orientation);
        BufferedImage upright = new BufferedImage(
                sideways ? stored.getHeight() : stored.getWidth(),
                sideways ? stored.getWidth() : stored.getHeight(),
                stored.getType());
        Steps steps = Steps.of(orientation, stored.getWidth(), stored.getHeight());
        if (stored.getRaster().getDataBuffer() instanceof DataBufferInt pixels) {
            move(pixels.getData(), ints(upright), stored, steps);
        } else if (stored.getSampleModel().getNumBands() == 3) {
            move3(bytes(stored), bytes(upright), stored, steps);
        } else {
            move(bytes(stored), bytes(upright), stored, steps);
        }
        return upright;
    }

    /** Returns whether the upright picture is as wide as the stored one is high. */
    public static boolean isSideways(Orientation orientation) {
        return switch (orientation) {
            case LEFT_TOP, RIGHT_TOP, RIGHT_BOTTOM, LEFT_BOTTOM -> true;
            case TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT -> false;
        };
    }

    private static byte[] bytes(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    private static int[] ints(BufferedImage image) {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }

    /** Where the first pixel goes, and how far from there those to the right of it and below it go. */
    private record Steps(int first, int right, int down) {

        static Steps of(Orientation orientation, int width, int height) {
            int last = width * height - 1;
            return switch (orientation) {
                case TOP_LEFT -> new Steps(0, 1, width);
                case TOP_RIGHT -> new Steps(width - 1, -1, width);
                case BOTTOM_RIGHT -> new Steps(last, -1, -width);
                case BOTTOM_LEFT -> new Steps(last - width + 1, 1, -width);
                case LEFT_TOP -> new Steps(0, height, 1);
                case RIGHT_TOP -> new Steps(height - 1, height, -1);
                case RIGHT_BOTTOM -> new Steps(last, -height, -1);
                case LEFT_BOTTOM -> new Steps(last - height + 1, -height, 1);
            };
        }

        int target(int x, int y) {
            return first + x * right + y * down;
        }
    }

    private static void move(int[] from, int[] to, BufferedImage stored, Steps steps) {
        int width = stored.getWidth();
        for (int left = 0; left < width; left += TILE) {
            for (int y = 0; y < stored.getHeight(); y++) {
                for (int x = left; x < Math.min(left + TILE, width); x++) {
                    to[steps.target(x, y)] = from[y * width + x];
                }
            }
        }
    }

    private static void move(byte[] from, byte[] to, BufferedImage stored, Steps steps) {
        int width = stored.getWidth();
        for (int left = 0; left < width; left += TILE) {
            for (int y = 0; y < stored.getHeight(); y++) {
                for (int x = left; x < Math.min(left + TILE, width); x++) {
                    to[steps.target(x, y)] = from[y * width + x];
                }
            }
        }
    }

    private static void move3(byte[] from, byte[] to, BufferedImage stored, Steps steps) {
        int width = stored.getWidth();
        for (int left = 0; left < width; left += TILE) {
            for (int y = 0; y < stored.getHeight(); y++) {
                for (int x = left; x < Math.min(left + TILE, width); x++) {
                    int source = 3 * (y * width + x);
                    int target = 3 * steps.target(x, y);
                    to[target] = from[source];
                    to[target + 1] = from[source + 1];
                    to[target + 2] = from[source + 2];
                }
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import net.coobird.thumbnailator.filters.ImageFilter;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Rotates and mirrors a thumbnail according to its EXIF orientation, by copying pixels. Thumbnailator's own filter uses
 * Java2D, which takes longer than all other steps for a JPEG together.
 *
 * <p>Supports the image types that {@link HalfSizeResizer#targetType} returns.
 *
 * @param orientation the orientation of the stored image
 */
public record OrientationFilter(Orientation orientation) implements ImageFilter {

    /** Width of the strips in which an image is copied, so that the target pixels of a strip stay in the CPU cache. */
    private static final int STRIP_WIDTH = 32;

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
        Mapping mapping = Mapping.forOrientation(orientation, stored.getWidth(), stored.getHeight());
        if (stored.getRaster().getDataBuffer() instanceof DataBufferInt pixels) {
            move(pixels.getData(), ints(upright), stored, mapping);
        } else if (stored.getSampleModel().getNumBands() == 3) {
            moveBgr(bytes(stored), bytes(upright), stored, mapping);
        } else {
            move(bytes(stored), bytes(upright), stored, mapping);
        }
        return upright;
    }

    /** Returns whether an orientation swaps width and height. */
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

    /**
     * Maps pixels of the stored image to their index in the upright one.
     *
     * @param first target index of the top left pixel
     * @param right difference of the target index for one pixel to the right
     * @param down difference of the target index for one pixel down
     */
    private record Mapping(int first, int right, int down) {

        static Mapping forOrientation(Orientation orientation, int width, int height) {
            int last = width * height - 1;
            return switch (orientation) {
                case TOP_LEFT -> new Mapping(0, 1, width);
                case TOP_RIGHT -> new Mapping(width - 1, -1, width);
                case BOTTOM_RIGHT -> new Mapping(last, -1, -width);
                case BOTTOM_LEFT -> new Mapping(last - width + 1, 1, -width);
                case LEFT_TOP -> new Mapping(0, height, 1);
                case RIGHT_TOP -> new Mapping(height - 1, height, -1);
                case RIGHT_BOTTOM -> new Mapping(last, -height, -1);
                case LEFT_BOTTOM -> new Mapping(last - height + 1, -height, 1);
            };
        }

        int target(int x, int y) {
            return first + x * right + y * down;
        }
    }

    private static void move(int[] from, int[] to, BufferedImage stored, Mapping mapping) {
        int width = stored.getWidth();
        for (int left = 0; left < width; left += STRIP_WIDTH) {
            for (int y = 0; y < stored.getHeight(); y++) {
                for (int x = left; x < Math.min(left + STRIP_WIDTH, width); x++) {
                    to[mapping.target(x, y)] = from[y * width + x];
                }
            }
        }
    }

    private static void move(byte[] from, byte[] to, BufferedImage stored, Mapping mapping) {
        int width = stored.getWidth();
        for (int left = 0; left < width; left += STRIP_WIDTH) {
            for (int y = 0; y < stored.getHeight(); y++) {
                for (int x = left; x < Math.min(left + STRIP_WIDTH, width); x++) {
                    to[mapping.target(x, y)] = from[y * width + x];
                }
            }
        }
    }

    private static void moveBgr(byte[] from, byte[] to, BufferedImage stored, Mapping mapping) {
        int width = stored.getWidth();
        for (int left = 0; left < width; left += STRIP_WIDTH) {
            for (int y = 0; y < stored.getHeight(); y++) {
                for (int x = left; x < Math.min(left + STRIP_WIDTH, width); x++) {
                    int source = 3 * (y * width + x);
                    int target = 3 * mapping.target(x, y);
                    to[target] = from[source];
                    to[target + 1] = from[source + 1];
                    to[target + 2] = from[source + 2];
                }
            }
        }
    }
}

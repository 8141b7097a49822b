// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import net.coobird.thumbnailator.filters.ImageFilter;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Turns a thumbnail upright, by a copy of its pixels. Thumbnailator's own filter draws it with Java2D, which takes longer than all
 * else that is done to a JPEG.
 */
record OrientationFilter(Orientation orientation) implements ImageFilter {

    /** Pixels of a row that are turned before the next row is: where they go to stays in the processor's cache then. */
    private static final int TILE = 32;

    @Override
    public BufferedImage apply(BufferedImage stored) {
        if (orientation == Orientation.TOP_LEFT) {
            return stored;
        }
        return switch (stored.getType()) {
            case BufferedImage.TYPE_3BYTE_BGR -> {
                BufferedImage upright = upright(stored);
                byte[] from = ((DataBufferByte) stored.getRaster().getDataBuffer()).getData();
                byte[] to = ((DataBufferByte) upright.getRaster().getDataBuffer()).getData();
                move(stored, (i, j) -> {
                    to[3 * j] = from[3 * i];
                    to[3 * j + 1] = from[3 * i + 1];
                    to[3 * j + 2] = from[3 * i + 2];
                });
                yield upright;
            }
            case BufferedImage.TYPE_BYTE_GRAY -> {
                BufferedImage upright = upright(stored);
                byte[] from = ((DataBufferByte) stored.getRaster().getDataBuffer()).getData();
                byte[] to = ((DataBufferByte) upright.getRaster().getDataBuffer()).getData();
                move(stored, (i, j) -> to[j] = from[i]);
                yield upright;
            }
            case BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB -> {
                BufferedImage upright = upright(stored);
                int[] from = ((DataBufferInt) stored.getRaster().getDataBuffer()).getData();
                int[] to = ((DataBufferInt) upright.getRaster().getDataBuffer()).getData();
                move(stored, (i, j) -> to[j] = from[i]);
                yield upright;
            }
            default -> ExifFilterUtils.getFilterForOrientation(orientation).apply(stored);
        };
    }

    private BufferedImage upright(BufferedImage stored) {
        boolean sideways = ExifOrientation.isSideways(orientation);
        return new BufferedImage(
                sideways ? stored.getHeight() : stored.getWidth(),
                sideways ? stored.getWidth() : stored.getHeight(),
                stored.getType());
    }

    private interface Move {
        /** Copies the pixel with one index to another. */
        void pixel(int from, int to);
    }

    private void move(BufferedImage stored, Move move) {
        int width = stored.getWidth();
        int height = stored.getHeight();
        int last = width * height - 1;
        // Where the first pixel goes, and how far from it those to the right of it and below it.
        int first;
        int right;
        int down;
        switch (orientation) {
            case TOP_RIGHT -> {
                first = width - 1;
                right = -1;
                down = width;
            }
            case BOTTOM_RIGHT -> {
                first = last;
                right = -1;
                down = -width;
            }
            case BOTTOM_LEFT -> {
                first = last - width + 1;
                right = 1;
                down = -width;
            }
            case LEFT_TOP -> {
                first = 0;
                right = height;
                down = 1;
            }
            case RIGHT_TOP -> {
                first = height - 1;
                right = height;
                down = -1;
            }
            case RIGHT_BOTTOM -> {
                first = last;
                right = -height;
                down = -1;
            }
            case LEFT_BOTTOM -> {
                first = last - height + 1;
                right = -height;
                down = 1;
            }
            default -> {
                first = 0;
                right = 1;
                down = width;
            }
        }
        for (int left = 0; left < width; left += TILE) {
            int end = Math.min(left + TILE, width);
            for (int y = 0; y < height; y++) {
                for (int x = left; x < end; x++) {
                    move.pixel(y * width + x, first + x * right + y * down);
                }
            }
        }
    }
}

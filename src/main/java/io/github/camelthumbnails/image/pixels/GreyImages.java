// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.MultiPixelPackedSampleModel;
import java.awt.image.Raster;

/**
 * Converts images with a grey palette, as scanners and fax machines write them, to greyscale images without a palette.
 * Their thumbnails thus stay greyscale.
 */
public final class GreyImages {

    private GreyImages() {}

    /** Returns whether an image is bilevel: one bit per pixel and a palette of two opaque greys. */
    public static boolean isBilevel(BufferedImage image) {
        return hasGreyPalette(image)
                && image.getSampleModel() instanceof MultiPixelPackedSampleModel model
                && model.getPixelBitStride() == 1
                && image.getRaster().getDataBuffer() instanceof DataBufferByte;
    }

    private static boolean hasGreyPalette(BufferedImage image) {
        if (!(image.getColorModel() instanceof IndexColorModel palette) || palette.hasAlpha()) {
            return false;
        }
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Converts an image with a grey palette to {@link BufferedImage#TYPE_BYTE_GRAY}. Returns all other images
     * unchanged, and also bilevel ones, because they take less memory as they are.
     */
    public static BufferedImage withoutPalette(BufferedImage image) {
        return hasGreyPalette(image) && !isBilevel(image) ? toGrey(image) : image;
    }

    /**
     * Converts a bilevel image to {@link BufferedImage#TYPE_BYTE_GRAY}. Also halves both sides if the result is still
     * larger than the target.
     */
    static BufferedImage toGrey(BufferedImage image, BufferedImage target) {
        int width = image.getWidth() / 2;
        int height = image.getHeight() / 2;
        if (width <= target.getWidth() || height <= target.getHeight()) {
            return toGrey(image);
        }
        BufferedImage half = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        halve(image, half);
        return half;
    }

    private static BufferedImage toGrey(BufferedImage image) {
        IndexColorModel palette = (IndexColorModel) image.getColorModel();
        BufferedImage grey = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
        byte[] pixels = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();
        Raster raster = image.getRaster();
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getSamples(0, y, row.length, 1, 0, row);
            for (int x = 0; x < row.length; x++) {
                pixels[y * row.length + x] = (byte) palette.getRed(row[x]);
            }
        }
        return grey;
    }

    /**
     * Halves both sides of a bilevel image. Each pixel of the result is the mean of 2 x 2 pixels.
     *
     * @param target the result, of type {@link BufferedImage#TYPE_BYTE_GRAY}
     */
    static void halve(BufferedImage source, BufferedImage target) {
        IndexColorModel palette = (IndexColorModel) source.getColorModel();
        int zero = palette.getRed(0);
        int one = palette.getRed(Math.min(1, palette.getMapSize() - 1));
        byte[] greys = new byte[5];
        for (int ones = 0; ones <= 4; ones++) {
            greys[ones] = (byte) ((one * ones + zero * (4 - ones) + 2) / 4);
        }
        byte[] pixels = ((DataBufferByte) target.getRaster().getDataBuffer()).getData();
        Raster raster = source.getRaster();
        int[] above = new int[source.getWidth()];
        int[] below = new int[source.getWidth()];
        int right = source.getWidth() > 1 ? 1 : 0; // an image that is one pixel wide is halved in height only
        for (int y = 0; y < target.getHeight(); y++) {
            raster.getSamples(0, 2 * y, above.length, 1, 0, above);
            raster.getSamples(0, Math.min(2 * y + 1, source.getHeight() - 1), below.length, 1, 0, below);
            for (int x = 0; x < target.getWidth(); x++) {
                int ones = above[2 * x] + above[2 * x + right] + below[2 * x] + below[2 * x + right];
                pixels[y * target.getWidth() + x] = greys[ones];
            }
        }
    }
}

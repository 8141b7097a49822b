// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;

/**
 * Computes the expected thumbnail: slowly, in double precision, and without code shared with the application.
 *
 * <p>Each pixel is the average of exactly the area of the original that it covers, of sRGB values with premultiplied
 * alpha. An average has no parameters, does not ring, keeps flat colours exactly, and is close to a scaled JPEG decode
 * and to repeated halving. Bicubic and Lanczos filters are slightly sharper, which the tolerances allow.
 */
final class Reference {

    private Reference() {}

    /** Returns half of a side, rounded down, but at least 1. */
    static int half(int pixels) {
        return Math.max(1, pixels / 2);
    }

    /** Returns the half-size thumbnail of an upright picture. */
    static BufferedImage half(BufferedImage image) {
        int width = half(image.getWidth());
        int height = half(image.getHeight());
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                result.setRGB(
                        x,
                        y,
                        average(image, x, y, (double) image.getWidth() / width, (double) image.getHeight() / height));
            }
        }
        return result;
    }

    private static int average(BufferedImage image, int x, int y, double stepX, double stepY) {
        double[] sum = new double[4];
        double area = 0;
        for (int row = (int) (y * stepY); row < Math.min(image.getHeight(), (y + 1) * stepY); row++) {
            for (int column = (int) (x * stepX); column < Math.min(image.getWidth(), (x + 1) * stepX); column++) {
                double weight = overlap(row, y * stepY, (y + 1) * stepY) * overlap(column, x * stepX, (x + 1) * stepX);
                int argb = image.getRGB(column, row);
                double alpha = weight * (argb >>> 24);
                area += weight;
                sum[3] += alpha;
                for (int band = 0; band < 3; band++) {
                    sum[band] += alpha * (argb >> 8 * band & 0xFF);
                }
            }
        }
        long argb = Math.round(sum[3] / area) << 24;
        for (int band = 0; band < 3 && sum[3] > 0; band++) {
            argb |= Math.round(sum[band] / sum[3]) << 8 * band;
        }
        return (int) argb;
    }

    /** Returns which fraction of a pixel is between two positions. */
    private static double overlap(int pixel, double from, double to) {
        return Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));
    }
}

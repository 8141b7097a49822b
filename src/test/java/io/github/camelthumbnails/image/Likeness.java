// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;

/**
 * Measures how similar two pictures are. Pictures with alpha are compared on a black and on a white background, and the
 * worse result counts, because a dark or bright halo is visible on only one of them.
 *
 * @param ssim mean structural similarity of the luma; 1 for identical pictures
 * @param psnr peak signal-to-noise ratio in dB of the worst channel: luma, red, green or blue
 * @param shift difference of the mean of the worst channel; visible, but not covered by SSIM
 * @param maxDifference largest difference of a sample
 */
record Likeness(double ssim, double psnr, double shift, int maxDifference) {

    private static final int BLACK = 0;
    private static final int WHITE = 255;

    /** Constants of SSIM that avoid division by almost zero. */
    private static final double C1 = Math.pow(0.01 * 255, 2);

    private static final double C2 = Math.pow(0.03 * 255, 2);

    /** Side of the windows of SSIM, and distance between two windows. */
    private static final int WINDOW = 8;

    private static final int STEP = 2;

    static Likeness of(BufferedImage actual, BufferedImage expected) {
        Likeness black = of(actual, expected, BLACK);
        Likeness white = of(actual, expected, WHITE);
        return new Likeness(
                Math.min(black.ssim, white.ssim),
                Math.min(black.psnr, white.psnr),
                Math.max(black.shift, white.shift),
                Math.max(black.maxDifference, white.maxDifference));
    }

    private static Likeness of(BufferedImage actual, BufferedImage expected, int background) {
        double[][] planes = planes(actual, background);
        double[][] expectedPlanes = planes(expected, background);
        double psnr = Double.POSITIVE_INFINITY;
        double shift = 0;
        double max = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            double square = 0;
            double sum = 0;
            int count = planes[plane].length;
            for (int i = 0; i < count; i++) {
                double difference = planes[plane][i] - expectedPlanes[plane][i];
                square += difference * difference;
                sum += difference;
                max = Math.max(max, Math.abs(difference));
            }
            psnr = Math.min(psnr, 10 * Math.log10(255.0 * 255 * count / square));
            shift = Math.max(shift, Math.abs(sum / count));
        }
        return new Likeness(ssim(planes[0], expectedPlanes[0], actual.getWidth()), psnr, shift, (int) Math.round(max));
    }

    /** Returns luma, red, green and blue of the picture on a grey background. */
    private static double[][] planes(BufferedImage image, int background) {
        int width = image.getWidth();
        double[][] planes = new double[4][width * image.getHeight()];
        for (int i = 0; i < planes[0].length; i++) {
            int argb = image.getRGB(i % width, i / width);
            double alpha = (argb >>> 24) / 255.0;
            for (int band = 0; band < 3; band++) {
                planes[band + 1][i] = alpha * (argb >> 16 - 8 * band & 0xFF) + (1 - alpha) * background;
            }
            planes[0][i] = 0.299 * planes[1][i] + 0.587 * planes[2][i] + 0.114 * planes[3][i];
        }
        return planes;
    }

    private static double ssim(double[] a, double[] b, int width) {
        int height = a.length / width;
        double sum = 0;
        int windows = 0;
        for (int y = 0; y <= Math.max(0, height - WINDOW); y += STEP) {
            for (int x = 0; x <= Math.max(0, width - WINDOW); x += STEP) {
                sum += window(a, b, width, x, y, Math.min(WINDOW, width), Math.min(WINDOW, height));
                windows++;
            }
        }
        return sum / windows;
    }

    private static double window(double[] a, double[] b, int width, int left, int top, int columns, int rows) {
        double sumA = 0;
        double sumB = 0;
        double squareA = 0;
        double squareB = 0;
        double product = 0;
        for (int y = top; y < top + rows; y++) {
            for (int i = y * width + left; i < y * width + left + columns; i++) {
                sumA += a[i];
                sumB += b[i];
                squareA += a[i] * a[i];
                squareB += b[i] * b[i];
                product += a[i] * b[i];
            }
        }
        double count = columns * rows;
        double meanA = sumA / count;
        double meanB = sumB / count;
        double varianceA = squareA / count - meanA * meanA;
        double varianceB = squareB / count - meanB * meanB;
        double covariance = product / count - meanA * meanB;
        return (2 * meanA * meanB + C1)
                * (2 * covariance + C2)
                / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
    }
}

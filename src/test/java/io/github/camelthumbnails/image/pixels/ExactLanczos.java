// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/** Resizes with a Lanczos filter in double precision, slowly and without code of the application. */
final class ExactLanczos {

    private ExactLanczos() {}

    private static double lanczos(double x) {
        if (x == 0) {
            return 1;
        }
        return Math.abs(x) >= 2 ? 0 : 2 * Math.sin(Math.PI * x) * Math.sin(Math.PI * x / 2) / Math.pow(Math.PI * x, 2);
    }

    /** Resizes in double precision and rounds only the result. */
    static BufferedImage resize(BufferedImage source, int width, int height) {
        double[][] across = weights(source.getWidth(), width);
        double[][] down = weights(source.getHeight(), height);
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        int[] argb = TestImages.argb(source);
        for (int shift = 24; shift >= 0; shift -= 8) {
            double[][] rows = new double[source.getHeight()][width];
            for (int y = 0; y < source.getHeight(); y++) {
                for (int x = 0; x < source.getWidth(); x++) {
                    double sample = TestImages.sample(argb[y * source.getWidth() + x], shift);
                    for (int i = 0; i < width; i++) {
                        rows[y][i] += across[i][x] * sample;
                    }
                }
            }
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double sum = 0;
                    for (int i = 0; i < source.getHeight(); i++) {
                        sum += down[y][i] * rows[i][x];
                    }
                    int alpha = result.getRGB(x, y) >>> 24;
                    double value = shift == 24 ? sum : sum * 255 / Math.max(1, alpha);
                    int rounded = (int) Math.round(Math.max(0, Math.min(value, 255)));
                    result.setRGB(x, y, result.getRGB(x, y) | rounded << shift);
                }
            }
        }
        return result;
    }

    private static double[][] weights(int source, int target) {
        double scale = (double) source / target;
        double stretch = Math.max(1, scale);
        double[][] weights = new double[target][source];
        for (int i = 0; i < target; i++) {
            double center = (i + 0.5) * scale - 0.5;
            for (int pixel = (int) (center - 4 * stretch); pixel <= center + 4 * stretch; pixel++) {
                double weight = lanczos((pixel - center) / stretch);
                weights[i][Math.max(0, Math.min(pixel, source - 1))] += weight;
            }
            double sum = Arrays.stream(weights[i]).sum();
            for (int pixel = 0; pixel < source; pixel++) {
                weights[i][pixel] /= sum;
            }
        }
        return weights;
    }
}

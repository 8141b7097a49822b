// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.util.Arrays;

/**
 * The weights of a Lanczos filter with two lobes for one axis of a resize, as integers. Enlarging interpolates with
 * the same filter. Source pixels beyond an edge have the colour of the edge, so their weights are added to its.
 *
 * @param span maximum number of source pixels that a target pixel depends on
 * @param first first source pixel that each target pixel depends on
 * @param groups the weights: first four weights for each target pixel, then the next four, and so on. Those that are
 *     not needed are zero
 */
record LanczosWeights(int span, int[] first, int[][] groups) {

    /** Number of weights that are applied together. */
    static final int GROUP = 4;

    private static final int LOBES = 2;

    /**
     * Computes the weights.
     *
     * @param source number of source pixels
     * @param target number of target pixels
     * @param scale number of source pixels per target pixel; the last source pixel may be partly unused
     * @param bits number of fraction bits of the weights
     */
    static LanczosWeights create(int source, int target, double scale, int bits) {
        double stretch = Math.max(1, scale);
        int[] first = new int[target];
        int span = 0;
        for (int i = 0; i < target; i++) {
            first[i] = clamp(from(center(i, scale), stretch), source);
            span = Math.max(span, clamp(to(center(i, scale), stretch), source) - first[i] + 1);
        }
        int[][] groups = new int[(span + GROUP - 1) / GROUP][Math.multiplyExact(target, GROUP)];
        for (int i = 0; i < target; i++) { // one at a time: a picture of a single row may have millions of columns
            double center = center(i, scale);
            int from = from(center, stretch);
            int to = to(center, stretch);
            double[] exact = new double[clamp(to, source) - first[i] + 1];
            double[] lanczos = lanczos((from - center) / stretch, 1 / stretch, to - from + 1);
            for (int pixel = from; pixel <= to; pixel++) {
                exact[clamp(pixel, source) - first[i]] += lanczos[pixel - from];
            }
            int[] weights = round(exact, 1 << bits);
            for (int tap = 0; tap < weights.length; tap++) {
                groups[tap / GROUP][i * GROUP + tap % GROUP] = weights[tap];
            }
        }
        return new LanczosWeights(span, first, groups);
    }

    /** Returns the number of pixels, beyond those of the source, that have to exist because zeros weight them. */
    int padding() {
        return span + GROUP - 1;
    }

    /** Returns the position of a target pixel in the source. */
    private static double center(int target, double scale) {
        return (target + 0.5) * scale - 0.5;
    }

    /** Returns the first position in reach of the filter. */
    private static int from(double center, double stretch) {
        return (int) Math.ceil(center - LOBES * stretch);
    }

    /** Returns the last position in reach of the filter. */
    private static int to(double center, double stretch) {
        return (int) Math.floor(center + LOBES * stretch);
    }

    private static int clamp(int pixel, int pixels) {
        return Math.max(0, Math.min(pixel, pixels - 1));
    }

    /** Computes the filter at equidistant positions. Advances sines by angle addition, which is much faster. */
    private static double[] lanczos(double start, double step, int count) {
        double[] values = new double[count];
        double sin = Math.sin(Math.PI * start);
        double cos = Math.cos(Math.PI * start);
        double lobeSin = Math.sin(Math.PI * start / LOBES);
        double lobeCos = Math.cos(Math.PI * start / LOBES);
        double sinStep = Math.sin(Math.PI * step);
        double cosStep = Math.cos(Math.PI * step);
        double lobeSinStep = Math.sin(Math.PI * step / LOBES);
        double lobeCosStep = Math.cos(Math.PI * step / LOBES);
        for (int i = 0; i < count; i++) {
            double angle = Math.PI * (start + i * step);
            values[i] = Math.abs(angle) < 1e-6 ? 1 : LOBES * sin * lobeSin / (angle * angle);
            double nextSin = sin * cosStep + cos * sinStep;
            cos = cos * cosStep - sin * sinStep;
            sin = nextSin;
            double nextLobeSin = lobeSin * lobeCosStep + lobeCos * lobeSinStep;
            lobeCos = lobeCos * lobeCosStep - lobeSin * lobeSinStep;
            lobeSin = nextLobeSin;
        }
        return values;
    }

    /** Rounds weights so that their sum is exactly one, because flat areas would otherwise change their colour. */
    private static int[] round(double[] exact, int one) {
        double sum = Arrays.stream(exact).sum();
        int[] weights = new int[exact.length];
        int rest = one;
        int largest = 0;
        for (int i = 0; i < exact.length; i++) {
            weights[i] = (int) Math.round(exact[i] / sum * one);
            rest -= weights[i];
            largest = weights[i] > weights[largest] ? i : largest;
        }
        weights[largest] += rest;
        return weights;
    }
}

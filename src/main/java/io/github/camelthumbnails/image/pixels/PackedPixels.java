// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.util.Arrays;

/**
 * A way to pack several samples into a {@code long}, so that one multiplication weights all of them. Weighted sums of
 * samples may be negative. A bias keeps the samples positive and thus apart from each other.
 *
 * @param lane number of bits per packed sample
 * @param count number of samples per {@code long}
 * @param sampleBits number of bits of a sample of an image
 * @param weightBits number of fraction bits of the weights of columns
 */
record PackedPixels(int lane, int count, int sampleBits, int weightBits) {

    /** Returns the bias of packed samples. It is sufficient because negative weights add up to less than a half. */
    int bias() {
        return 1 << sampleBits - 1;
    }

    /** Returns the mask of a packed sample. */
    int mask() {
        return (1 << sampleBits + 2) - 1;
    }

    private long repeat(long value) {
        long pixel = 0;
        for (int i = 0; i < count; i++) {
            pixel |= value << i * lane;
        }
        return pixel;
    }

    /** Computes weighted sums of pixels. {@link #sample} extracts the samples of the result. */
    void weight(LanczosWeights weights, long[] pixels, long[] sums) {
        Arrays.fill(sums, repeat(((long) bias() << weightBits) + (1 << weightBits - 1)));
        for (int tap = 0; tap < weights.span(); tap += LanczosWeights.GROUP) {
            int[] group = weights.groups()[tap / LanczosWeights.GROUP];
            if (weights.span() - tap > 2) {
                addFour(pixels, weights.first(), tap, group, sums);
            } else {
                addTwo(pixels, weights.first(), tap, group, sums);
            }
        }
    }

    private static void addFour(long[] pixels, int[] first, int tap, int[] weights, long[] sums) {
        for (int x = 0, weight = 0; x < sums.length; x++, weight += LanczosWeights.GROUP) {
            int i = first[x] + tap;
            sums[x] += pixels[i] * weights[weight]
                    + pixels[i + 1] * weights[weight + 1]
                    + pixels[i + 2] * weights[weight + 2]
                    + pixels[i + 3] * weights[weight + 3];
        }
    }

    private static void addTwo(long[] pixels, int[] first, int tap, int[] weights, long[] sums) {
        for (int x = 0, weight = 0; x < sums.length; x++, weight += LanczosWeights.GROUP) {
            int i = first[x] + tap;
            sums[x] += pixels[i] * weights[weight] + pixels[i + 1] * weights[weight + 1];
        }
    }

    /**
     * Extracts a sample of a weighted sum, at least 0, and removes the bias, which has been added to it twice.
     *
     * @param shift number of the sample's least significant bit
     */
    int sample(long sum, int shift) {
        int biased = (int) (sum >>> shift + weightBits) & mask();
        return Math.max(0, biased - 2 * bias());
    }
}

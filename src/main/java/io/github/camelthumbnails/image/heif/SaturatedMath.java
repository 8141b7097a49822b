// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

/** Adds and multiplies sizes that a file claims. A result that is too large for a long is the largest long. */
final class SaturatedMath {

    private SaturatedMath() {}

    /** Returns the sum of two numbers that are not negative. */
    static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** Returns the product of two numbers that are not negative. */
    static long product(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
}

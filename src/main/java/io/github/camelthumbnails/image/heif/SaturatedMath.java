// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

/** Adds and multiplies sizes from untrusted files. A result that overflows becomes {@link Long#MAX_VALUE}. */
final class SaturatedMath {

    private SaturatedMath() {}

    /** Returns the sum of two non-negative numbers. */
    static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** Returns the product of two non-negative numbers. */
    static long product(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
}

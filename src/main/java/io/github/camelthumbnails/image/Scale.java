// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The size of a thumbnail relative to its original.
 *
 * @param factor above 0 and at most 1; decimal, so that 0.29 of 100 pixels is 29 and not 28
 */
public record Scale(BigDecimal factor) {

    private static final BigDecimal EIGHT = BigDecimal.valueOf(8);

    /** @throws IllegalArgumentException if the factor is out of its range */
    public Scale {
        if (factor.signum() <= 0 || factor.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("thumbnail.scale is " + factor + ": set it above 0 and to at most 1");
        }
    }

    /** Returns the length of a side of the thumbnail: rounded down, at least one pixel. */
    public int of(int pixels) {
        BigDecimal exact = factor.multiply(BigDecimal.valueOf(pixels));
        return Math.max(1, exact.setScale(0, RoundingMode.FLOOR).intValueExact());
    }

    /** Returns the area of the thumbnail by that of the original. */
    public double area() {
        return factor.doubleValue() * factor.doubleValue();
    }

    /** Returns the number of eighths that is at least as large as the scale. Some decoders can reduce to N/8. */
    public int eighths() {
        return factor.multiply(EIGHT).setScale(0, RoundingMode.CEILING).intValueExact();
    }

    /** Returns whether the scale is exactly a number of eighths. */
    public boolean isEighths() {
        return factor.multiply(EIGHT).compareTo(BigDecimal.valueOf(eighths())) == 0;
    }
}

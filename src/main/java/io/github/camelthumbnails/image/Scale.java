// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The size of a rendition relative to its original.
 *
 * @param factor factor for the width and the height, above 0 and at most 1; decimal, so that 0.29 of 100 pixels is 29
 *     and not 28
 */
public record Scale(BigDecimal factor) implements Sizing {

    /**
     * Creates a scale.
     *
     * @throws IllegalArgumentException if the factor is out of range
     */
    public Scale {
        if (factor.signum() <= 0 || factor.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("The scale is " + factor + ": set it to a value above 0 and at most 1");
        }
    }

    @Override
    public Target target(int width, int height) {
        return new Target(new Rectangle(width, height), new Dimension(apply(width), apply(height)));
    }

    /** Scales the width or the height of a picture, rounded down but to at least one pixel. */
    private int apply(int pixels) {
        BigDecimal exact = factor.multiply(BigDecimal.valueOf(pixels));
        return Math.max(1, exact.setScale(0, RoundingMode.FLOOR).intValueExact());
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Dimension;
import java.awt.Rectangle;

/**
 * Fits a picture into a box, or fills the box with it.
 *
 * @param width width of the box in pixels; {@link #ANY} if only the height is limited
 * @param height height of the box in pixels; {@link #ANY} if only the width is limited
 * @param fill whether the rendition has exactly the size of the box and shows the middle of the picture, enlarged if the
 *     picture is smaller. Otherwise it shows all of the picture, as large as fits into the box but never enlarged
 */
public record Box(int width, int height, boolean fill) implements Sizing {

    /** The side of a box that limits nothing. */
    public static final int ANY = Integer.MAX_VALUE;

    /**
     * Creates a box.
     *
     * @throws IllegalArgumentException if a side is not positive, or if there is nothing to fill
     */
    public Box {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("A box needs sides of at least 1 pixel");
        }
        if (fill && (width == ANY || height == ANY)) {
            throw new IllegalArgumentException("A box to fill needs a width and a height");
        }
    }

    @Override
    public Target target(int pictureWidth, int pictureHeight) {
        return fill ? filled(pictureWidth, pictureHeight) : fitted(pictureWidth, pictureHeight);
    }

    private Target fitted(int pictureWidth, int pictureHeight) {
        double factor = Math.min(1, Math.min((double) width / pictureWidth, (double) height / pictureHeight));
        return new Target(
                new Rectangle(pictureWidth, pictureHeight),
                new Dimension(rounded(pictureWidth * factor), rounded(pictureHeight * factor)));
    }

    private Target filled(int pictureWidth, int pictureHeight) {
        double factor = Math.max((double) width / pictureWidth, (double) height / pictureHeight);
        int cropWidth = Math.min(pictureWidth, rounded(width / factor));
        int cropHeight = Math.min(pictureHeight, rounded(height / factor));
        Rectangle crop =
                new Rectangle((pictureWidth - cropWidth) / 2, (pictureHeight - cropHeight) / 2, cropWidth, cropHeight);
        return new Target(crop, new Dimension(width, height));
    }

    private static int rounded(double pixels) {
        return (int) Math.max(1, Math.round(pixels));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Dimension;
import java.awt.Rectangle;

/**
 * A part of a picture, and the size of the rendition that shows it.
 *
 * @param crop the part, in pixels of the picture
 * @param size size of the rendition in pixels
 */
public record Target(Rectangle crop, Dimension size) {

    /** Returns the larger of the two factors by which the part is scaled. */
    double scale() {
        return Math.max(size.getWidth() / crop.width, size.getHeight() / crop.height);
    }

    /** Returns whether the rendition shows all of a picture of this size. */
    public boolean shows(Dimension picture) {
        return crop.getSize().equals(picture);
    }

    /** Returns the same target for the picture after its rows and columns have changed places. */
    Target transposed() {
        return new Target(
                new Rectangle(crop.y, crop.x, crop.height, crop.width), new Dimension(size.height, size.width));
    }
}

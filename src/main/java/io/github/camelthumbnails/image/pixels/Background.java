// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Puts a colour behind transparent pixels, for formats without alpha. */
public final class Background {

    private Background() {}

    /** Returns an opaque copy of an image, of {@link BufferedImage#TYPE_3BYTE_BGR}. */
    public static BufferedImage fill(BufferedImage image, Color color) {
        BufferedImage result = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = result.createGraphics();
        graphics.drawImage(image, 0, 0, color, null);
        graphics.dispose();
        return result;
    }
}

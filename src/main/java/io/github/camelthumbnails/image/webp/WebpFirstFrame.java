// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/** Draws the first frame of an animated WebP on its canvas, for systems without the animation libraries. */
public final class WebpFirstFrame {

    private WebpFirstFrame() {}

    /**
     * Draws the first frame at its position on the canvas. The rest of the canvas is transparent: like browsers,
     * libwebp ignores the background colour in the file.
     *
     * @param frame the decoded frame, without the canvas
     * @return the canvas, as {@link BufferedImage#TYPE_INT_ARGB}; the frame itself if it fills the canvas
     */
    public static BufferedImage onCanvas(BufferedImage frame, WebpHeader header) {
        Rectangle place = header.firstFrame();
        if (place.width == header.width() && place.height == header.height()) {
            return frame;
        }
        BufferedImage canvas = new BufferedImage(header.width(), header.height(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = canvas.createGraphics();
        graphics.setComposite(AlphaComposite.Src);
        graphics.drawImage(frame, place.x, place.y, null);
        graphics.dispose();
        return canvas;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Color;
import java.util.Optional;

/**
 * Describes one rendition to make of each original.
 *
 * @param name name of the rendition
 * @param sizing its size, and the part of the picture that it shows
 * @param format its format; empty for that of the original
 * @param quality quality of lossy formats, from 0 to 1
 * @param background colour behind transparent pixels, for formats without alpha
 */
public record Preset(String name, Sizing sizing, Optional<ImageFormat> format, double quality, Color background) {

    /** Default quality. */
    public static final double QUALITY = 0.8;

    /** Default background. */
    public static final Color BACKGROUND = Color.WHITE;

    /**
     * Creates a preset.
     *
     * @throws IllegalArgumentException if the quality is out of range
     */
    public Preset {
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("The quality is " + quality + ": set it to a value from 0 to 1");
        }
    }

    /** Creates a preset with the default format, quality and background. */
    public Preset(String name, Sizing sizing) {
        this(name, sizing, Optional.empty(), QUALITY, BACKGROUND);
    }
}

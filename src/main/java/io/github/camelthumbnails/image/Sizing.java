// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/** Decides the size of a rendition, and which part of the picture it shows. */
public sealed interface Sizing permits Scale, Box {

    /**
     * Returns the part of a picture to show, and the size to show it in.
     *
     * @param width width of the upright picture in pixels
     * @param height height of the upright picture in pixels
     */
    Target target(int width, int height);
}

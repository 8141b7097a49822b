// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/**
 * An encoded rendition of a picture.
 *
 * @param name name of the preset that describes it
 * @param bytes the encoded file
 * @param format format of the file
 * @param width width in pixels, turned upright
 * @param height height in pixels, turned upright
 */
public record Thumbnail(String name, byte[] bytes, ImageFormat format, int width, int height) {

    /** Returns the media type for a {@code Content-Type} header. */
    public String contentType() {
        return format.contentType();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/**
 * An encoded thumbnail.
 *
 * @param bytes the encoded file
 * @param format format of the file: the original's if it can be encoded
 * @param width width in pixels, turned upright
 * @param height height in pixels, turned upright
 */
public record Thumbnail(byte[] bytes, ImageFormat format, int width, int height) {

    /** Returns the media type for a {@code Content-Type} header. */
    public String contentType() {
        return format.contentType();
    }
}

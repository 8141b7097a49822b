// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/**
 * A finished thumbnail.
 *
 * @param bytes the encoded picture
 * @param format its format, the same as the original's
 * @param width pixels of the upright picture
 * @param height pixels of the upright picture
 */
public record Thumbnail(byte[] bytes, ImageFormat format, int width, int height) {

    /** The media type for a {@code Content-Type} header. */
    public String contentType() {
        return format.contentType();
    }
}

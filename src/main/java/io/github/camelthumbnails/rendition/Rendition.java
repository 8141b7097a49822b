// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import io.github.camelthumbnails.image.Thumbnail;

/**
 * A rendition of an original, and where to store it.
 *
 * @param key its object key
 * @param thumbnail the encoded picture
 */
public record Rendition(String key, Thumbnail thumbnail) {

    /** Returns the name by which the settings call it. */
    public String name() {
        return thumbnail.name();
    }

    /** Returns the encoded file. */
    public byte[] bytes() {
        return thumbnail.bytes();
    }

    /** Returns the media type for a {@code Content-Type} header. */
    public String contentType() {
        return thumbnail.contentType();
    }

    /** Describes the rendition for the log, such as {@code card 640x480}. */
    @Override
    public String toString() {
        return name() + " " + thumbnail.width() + "x" + thumbnail.height();
    }
}

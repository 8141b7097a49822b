// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Dimension;
import java.io.IOException;

/** Decodes and encodes the pictures of one file format. */
public interface OutputCodec extends Codec {

    /** Returns the media type for a {@code Content-Type} header. */
    String contentType();

    @Override
    default ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.valueOf(name());
    }

    /**
     * Creates a writer for a thumbnail.
     *
     * @param size size of the thumbnail in pixels
     * @param traits properties of the original, which the thumbnail keeps if the format can
     */
    FrameWriter writer(Dimension size, ImageHeader.Traits traits, Options options) throws IOException;

    /**
     * Copies the colour profile, or what the format uses instead, from an original of the same format to its thumbnail.
     * Samples are not converted, so a wide gamut stays wide.
     *
     * @param original the original's file
     * @param thumbnail the thumbnail's file
     * @param size size of the thumbnail in pixels
     * @return the thumbnail's file with the profile; the same file if the original has none
     * @throws IOException if the original is broken
     */
    default byte[] copyProfile(byte[] original, byte[] thumbnail, Dimension size) throws IOException {
        return thumbnail;
    }

    /**
     * Embeds the colour profile of an original of another format in a thumbnail.
     *
     * @param thumbnail the thumbnail's file
     * @param profile an ICC profile
     * @param size size of the thumbnail in pixels
     * @return the thumbnail's file with the profile; the same file if the format cannot have one
     */
    default byte[] withProfile(byte[] thumbnail, byte[] profile, Dimension size) throws IOException {
        return thumbnail;
    }
}

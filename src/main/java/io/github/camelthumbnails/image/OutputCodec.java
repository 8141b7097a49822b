// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Dimension;
import java.io.IOException;

/** Reads and writes one format. */
public interface OutputCodec extends Codec {

    /** Returns the media type for a {@code Content-Type} header. */
    String contentType();

    @Override
    default ImageFormat output(ImageHeader header) {
        return ImageFormat.valueOf(name());
    }

    /**
     * Starts a file.
     *
     * @param size in pixels
     * @param traits of the original, which the file keeps if the format can
     */
    FrameWriter writer(Dimension size, ImageHeader.Traits traits, Options options) throws IOException;

    /**
     * Gives a thumbnail what its original of the same format says of the colours that the samples stand for. Samples are not converted,
     * so a wide gamut stays wide.
     *
     * @param size of the thumbnail in pixels
     * @return the thumbnail's file with the profile; the same file if there is none
     * @throws IOException if the original is broken
     */
    default byte[] copyProfile(byte[] original, byte[] thumbnail, Dimension size) throws IOException {
        return thumbnail;
    }

    /**
     * Gives a thumbnail the colour profile of an original of another format.
     *
     * @param profile an ICC profile
     * @param size of the thumbnail in pixels
     */
    default byte[] withProfile(byte[] thumbnail, byte[] profile, Dimension size) throws IOException {
        return thumbnail;
    }
}

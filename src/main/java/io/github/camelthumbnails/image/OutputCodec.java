// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.io.IOException;
import java.util.Optional;

/** Encodes pictures in one file format. Stateless and thread-safe. */
public interface OutputCodec {

    /** Returns the media type for a {@code Content-Type} header. */
    String contentType();

    /** Returns whether pictures of this format can be transparent. */
    boolean hasAlpha();

    /** Returns how to install what is missing to encode this format; empty if nothing is. */
    default Optional<String> missingLibrary() {
        return Optional.empty();
    }

    /** Returns the name of the library that encodes, for metrics. */
    default String encoder(Codec.Options options) {
        return "java";
    }

    /**
     * Estimates the memory for one rendition: the resized and the upright picture, the encoder, and the copies of
     * the encoded file that exist while it is written.
     *
     * @param size size of the rendition in pixels
     * @param frames number of frames of the original
     * @param traits properties of the original that the rendition keeps
     */
    Memory memory(Dimension size, long frames, ImageHeader.Traits traits);

    /**
     * Creates a writer for a rendition. Its frames have a type that {@code HalfSizeResizer.targetType} returns.
     *
     * @param size size of the rendition in pixels
     * @param traits properties of the original, which the rendition keeps if the format can
     * @param quality quality of a lossy format, from 0 to 1
     * @throws UnsupportedImageException if the format does not allow this size
     */
    FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Codec.Options options)
            throws IOException;

    /**
     * Copies the colour profile, or what the format uses instead, from an original of the same format to its rendition.
     * Samples are not converted, so a wide gamut stays wide.
     *
     * @param original the original's file
     * @param rendition the rendition's file
     * @param size size of the rendition in pixels
     * @return the rendition's file with the profile; the same file if the original has none
     * @throws IOException if the original is broken
     */
    default byte[] copyProfile(byte[] original, byte[] rendition, Dimension size) throws IOException {
        return rendition;
    }

    /**
     * Checks that a format allows the size of a rendition.
     *
     * @param format name of the format
     * @param maxSide maximum width and height in pixels
     * @throws UnsupportedImageException if a side is too long
     */
    static void checkSides(Dimension size, String format, int maxSide) throws UnsupportedImageException {
        if (Math.max(size.width, size.height) > maxSide) {
            throw new UnsupportedImageException("The rendition has " + size.width + " x " + size.height + " pixels. "
                    + format + " allows " + maxSide + " on each side.");
        }
    }
}

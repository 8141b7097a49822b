// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decodes the pictures of one file format. Codecs are stateless and thread-safe. {@link ImageFormat} lists those that
 * can also encode, {@link Codecs} lists all.
 */
public interface Codec {

    /**
     * Factor by which the pixels of all frames of an animation together may exceed the limit for a still picture. Only
     * one frame is decoded at a time, so the number of frames costs time but not memory.
     */
    int ANIMATION_FACTOR = 10;

    /**
     * Number of bytes at the start of a file that tell its format. HEIC and AVIF need the most: up to 64 brands are
     * read.
     */
    int START_BYTES = 512;

    /** Maximum size of a colour profile. Real profiles have at most a few MiB. */
    int MAX_PROFILE_BYTES = 4 * 1024 * 1024;

    /** Configuration that several codecs share. */
    record Options(double quality, boolean nativeCodec) {

        /**
         * Creates the configuration.
         *
         * @param quality quality of lossy formats, from 0 to 1
         * @param nativeCodec whether to use installed native libraries where a Java implementation would do
         */
        public Options {
            if (!(quality >= 0 && quality <= 1)) {
                throw new IllegalArgumentException(
                        "thumbnail.quality is " + quality + ". Set it to a value from 0 to 1.");
            }
        }
    }

    /** Resizes a decoded picture to the size of the thumbnail and turns it upright. */
    @FunctionalInterface
    interface Resizing {
        BufferedImage resize(BufferedImage decoded) throws IOException;
    }

    /** Makes the thumbnail of one picture with less memory and time than it takes to decode the whole picture. */
    interface Shortcut {

        /** Returns the memory that {@link #make} needs, in bytes. */
        long memory();

        /**
         * Returns the encoded thumbnail, or empty if the file is of a kind, or has a defect, that requires decoding the
         * whole picture.
         */
        Optional<byte[]> make(Resizing resizing) throws IOException;
    }

    /** Returns the name of the format, for messages. */
    String name();

    /** Loads the native libraries of this codec at startup, so that the log lists them early. */
    default void findLibraries(Options options) {}

    /** Returns the format in which the thumbnail of a picture is encoded. */
    ImageFormat thumbnailFormat(ImageHeader header);

    /**
     * Returns whether the first bytes of a file identify it as this format.
     *
     * @param file the whole file, or at least its first {@link #START_BYTES}
     */
    boolean recognizes(byte[] file);

    /**
     * Reads the size and the other properties of a picture without decoding a pixel.
     *
     * @param maxPixels limit for the pixels of one picture; frames are counted only until the animation exceeds its
     *     limit
     * @param cancelled returns true once the caller has given up; the codec then stops
     * @throws IOException if the header is broken
     */
    ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException;

    /**
     * Opens a picture for decoding.
     *
     * @param cancelled returns true once the caller has given up; the codec then stops
     * @throws IOException if the file is broken or cut off
     */
    FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException;

    /** Returns the ICC profile of a picture whose thumbnail has another format; empty if there is none or it cannot be read. */
    default Optional<byte[]> profile(byte[] file) {
        return Optional.empty();
    }

    /**
     * Returns a shortcut for this picture, or empty if the codec has none for this scale.
     *
     * @throws IOException if the file is broken
     */
    default Optional<Shortcut> shortcut(byte[] file, ImageHeader header, Scale scale, Options options)
            throws IOException {
        return Optional.empty();
    }
}

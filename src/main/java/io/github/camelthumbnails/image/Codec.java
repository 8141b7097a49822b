// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads one format. A codec keeps no state between pictures, and several threads use it in parallel. {@link ImageFormat} lists the codecs
 * that can write, too, and {@link Codecs} all.
 */
public interface Codec {

    /**
     * How many times as many pixels all frames of an animation may have together as one picture. Only one frame is decoded at a time, so
     * their number costs time but not memory.
     */
    int ANIMATION_FACTOR = 10;

    /** Maximum size of a colour profile. Real ones have at most a few MiB. */
    int MAX_PROFILE_BYTES = 4 * 1024 * 1024;

    /** Settings of an operator that concern several codecs. */
    record Options(double quality, boolean nativeCodec) {

        /**
         * @param quality of lossy formats, 0 to 1
         * @param nativeCodec whether native libraries that have a substitute in Java are used where the system has them
         */
        public Options {
            if (!(quality >= 0 && quality <= 1)) {
                throw new IllegalArgumentException("thumbnail.quality is " + quality + ": set it between 0 and 1");
            }
        }
    }

    /** Turns a decoded picture into one of the thumbnail's size, upright. */
    @FunctionalInterface
    interface Resizing {
        BufferedImage resize(BufferedImage decoded) throws IOException;
    }

    /** A way to a thumbnail that needs less memory and time than decoding the whole picture. */
    interface Shortcut {

        /** Returns the bytes of memory that it takes. */
        long memory();

        /** Returns the encoded thumbnail, or nothing if the file is of a kind, or has a fault, that only the long way can read. */
        Optional<byte[]> make(Resizing resizing) throws IOException;
    }

    /** Returns the name of the format, for messages. */
    String name();

    /** Looks for the native libraries that it uses, so that the log says at the start which ones there are. */
    default void findLibraries(Options options) {}

    /** Returns the format of the thumbnail of a picture. */
    ImageFormat output(ImageHeader header);

    /**
     * Tells by the first bytes whether a file is of this format.
     *
     * @param file its bytes, at least the first 12 of a longer file
     */
    boolean recognizes(byte[] file);

    /**
     * Reads what a file says of its picture, without decoding a pixel.
     *
     * @param maxPixels where to stop counting frames
     * @param cancelled whether to give up
     * @throws IOException if the header is broken
     */
    ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException;

    /**
     * Opens a picture to decode it.
     *
     * @param cancelled whether to give up
     * @throws IOException if the file is broken or cut off
     */
    FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException;

    /** Returns the ICC profile of a picture whose thumbnail has another format; empty if there is none or it cannot be read. */
    default Optional<byte[]> profile(byte[] file) {
        return Optional.empty();
    }

    /**
     * Returns a shortcut for this picture, if the codec has one for the scale.
     *
     * @throws IOException if the file is broken
     */
    default Optional<Shortcut> shortcut(byte[] file, ImageHeader header, Scale scale, Options options)
            throws IOException {
        return Optional.empty();
    }
}

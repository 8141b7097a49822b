// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decodes the pictures of one file format. Codecs are stateless and thread-safe. {@link Codecs} lists all. Those that can
 * also encode are an {@link OutputCodec}, too.
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

    /**
     * Configuration that several codecs share.
     *
     * @param nativeCodec whether to use installed native libraries where a Java implementation would do
     */
    record Options(boolean nativeCodec) {}

    /** Decodes one picture in a smaller size, with less memory and time than it takes to decode the whole picture. */
    interface Shortcut extends AutoCloseable {

        /**
         * Returns the maximum memory that it takes to decode the smaller picture and to make its renditions.
         *
         * @param renditions memory for the renditions, which are made after the picture is decoded
         */
        Memory memory(Memory renditions);

        /** Returns the size of the smaller picture relative to that of the original. */
        double scale();

        /** Returns the name of the library that decodes and encodes, for metrics. */
        String library();

        /**
         * Returns whether a picture of this size may be encoded without converting samples, as far as the header tells. If
         * so, its samples are outside the heap, and {@link #memory} gets only the memory to encode them.
         */
        default boolean canEncode(Dimension size) {
            return false;
        }

        /**
         * Decodes the smaller picture for {@link #encode}, unless this is done already.
         *
         * @param size size of the picture to encode
         * @return whether a picture of this size may be encoded without converting samples; if not, use {@link #image}
         */
        boolean decodeFor(Dimension size);

        /**
         * Encodes the picture in its own format, without converting its samples, after {@link #decodeFor} has returned true.
         * Returns empty if that is impossible. In this case, use {@link #image}.
         *
         * @param size size of the encoded picture
         * @param quality quality from 0 to 1
         */
        Optional<byte[]> encode(Dimension size, double quality);

        /**
         * Decodes the smaller picture. Its last column and row may be covered only partly by the original. Returns empty
         * if the file is of a kind, or has a defect, that requires decoding the whole picture.
         *
         * @param cancelled returns true once the caller has given up
         * @throws IOException if decoding the whole picture would fail, too
         */
        Optional<BufferedImage> image(BooleanSupplier cancelled) throws IOException;

        @Override
        void close();
    }

    /** Returns the name of the format, for messages. */
    String name();

    /** Returns the formats that this codec decodes, for people. May load a native library to find out whether it is installed. */
    List<OriginalFormat> originalFormats();

    /** Returns the name of a file's format in lower case, for metrics. */
    default String format(byte[] file) {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name of the library with which {@link #open} decodes a file, for metrics. */
    default String decoder(byte[] file, Options options) {
        return "java";
    }

    /**
     * Loads the optional native libraries of this codec at startup, so that the log lists them early.
     *
     * @return the name of each of them, and whether it is used
     */
    default Map<String, Boolean> findLibraries(Options options) {
        return Map.of();
    }

    /** Returns the format of a rendition that has that of its original, or the nearest one that can be encoded. */
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

    /**
     * Returns the ICC profile of a picture, to embed in a rendition of another format. Empty if there is none, if it cannot
     * be read, or if decoding converts the samples.
     */
    default Optional<byte[]> profile(byte[] file) {
        return Optional.empty();
    }

    /**
     * Returns a shortcut for this picture, or empty if the codec has none for these targets.
     *
     * @param targets sizes to make, in pixels of the picture before it is turned upright; the smaller picture has enough
     *     pixels for all of them
     * @throws IOException if the file is broken
     */
    default Optional<Shortcut> shortcut(byte[] file, ImageHeader header, List<Target> targets, Options options)
            throws IOException {
        return Optional.empty();
    }
}

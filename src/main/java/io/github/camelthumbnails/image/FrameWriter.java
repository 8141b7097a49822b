// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Encodes a picture, or the frames of an animation, into one file. */
public interface FrameWriter extends Closeable {

    /** Encodes a still picture. */
    @FunctionalInterface
    interface Encoding {
        byte[] encode(BufferedImage image, Optional<byte[]> profile) throws IOException;
    }

    /** A writer for a rendition that is already encoded. */
    FrameWriter DONE = new FrameWriter() {

        @Override
        public boolean wantsMore() {
            return false;
        }

        @Override
        public void add(BufferedImage frame, int delayMillis, int plays) {
            throw new IllegalStateException("already encoded");
        }

        @Override
        public byte[] finish(int plays, Optional<byte[]> profile) {
            throw new IllegalStateException("already encoded");
        }
    };

    /** Returns whether the writer can use another frame. */
    default boolean wantsMore() {
        return true;
    }

    /**
     * Adds a frame.
     *
     * @param frame the frame, which belongs to the writer from now on
     * @param delayMillis display duration of the frame in milliseconds
     * @param plays how often the animation is played: 0 for ever
     */
    void add(BufferedImage frame, int delayMillis, int plays) throws IOException;

    /**
     * Completes the file and returns it.
     *
     * @param plays as in {@link #add}
     * @param profile ICC profile to embed; empty if the picture has none or if it is copied later. Ignored if the format
     *     has no profiles
     */
    byte[] finish(int plays, Optional<byte[]> profile) throws IOException;

    @Override
    default void close() throws IOException {
        // Many writers have nothing to close.
    }

    /** Creates a writer for a still picture. */
    static FrameWriter still(Encoding encoding) {
        return new FrameWriter() {

            private BufferedImage image;

            @Override
            public boolean wantsMore() {
                return image == null; // of an animation, only the first frame
            }

            @Override
            public void add(BufferedImage frame, int delayMillis, int plays) {
                image = frame;
            }

            @Override
            public byte[] finish(int plays, Optional<byte[]> profile) throws IOException {
                return encoding.encode(image, profile);
            }
        };
    }
}

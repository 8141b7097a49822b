// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;

/** Encodes a picture, or the frames of an animation, into one file. */
public interface FrameWriter extends Closeable {

    /** Encodes a still picture. */
    @FunctionalInterface
    interface Encoding {
        byte[] encode(BufferedImage image) throws IOException;
    }

    /**
     * Adds a frame.
     *
     * @param frame the frame, which belongs to the writer from now on
     * @param delayMillis display duration of the frame in milliseconds
     * @param loops loop count of the animation: 0 for ever, -1 to leave it unspecified
     */
    void add(BufferedImage frame, int delayMillis, int loops) throws IOException;

    /**
     * Completes the file and returns it.
     *
     * @param loops loop count as in {@link #add}
     */
    byte[] finish(int loops) throws IOException;

    @Override
    default void close() throws IOException {
        // Many writers have nothing to close.
    }

    /** Creates a writer for a still picture. */
    static FrameWriter still(Encoding encoding) {
        return new FrameWriter() {

            private BufferedImage image;

            @Override
            public void add(BufferedImage frame, int delayMillis, int loops) {
                if (image == null) { // of an animation that the format cannot hold, the first frame
                    image = frame;
                }
            }

            @Override
            public byte[] finish(int loops) throws IOException {
                return encoding.encode(image);
            }
        };
    }
}

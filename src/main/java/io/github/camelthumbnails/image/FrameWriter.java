// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;

/** Encodes the frames of a picture. */
public interface FrameWriter extends Closeable {

    /** Encodes one picture. */
    @FunctionalInterface
    interface Encoding {
        byte[] encode(BufferedImage image) throws IOException;
    }

    /**
     * Adds a frame.
     *
     * @param frame the picture; the writer keeps it
     * @param delayMillis how long to show it
     * @param loops how often to repeat the animation, 0 for ever, -1 to say nothing of it
     */
    void add(BufferedImage frame, int delayMillis, int loops) throws IOException;

    /**
     * Returns the file.
     *
     * @param loops as in {@link #add}
     */
    byte[] finish(int loops) throws IOException;

    @Override
    default void close() throws IOException {
        // Many writers have nothing to close.
    }

    /** Returns the writer of a still picture. */
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

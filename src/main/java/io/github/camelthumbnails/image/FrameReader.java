// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Decodes the frames of a picture one at a time. A still picture has one frame. */
public interface FrameReader extends Closeable {

    /**
     * Decodes the next frame as it is shown: composed with what earlier frames have left.
     *
     * @return the frame, which is valid until the next call, or null after the last frame
     * @throws IOException if the file is broken or cut off
     */
    BufferedImage next() throws IOException;

    /** Returns how long to show the frame that was read last, in milliseconds. */
    default int delayMillis() {
        return 0;
    }

    /** Returns how often to repeat an animation as far as it is known: 0 for ever, -1 if the file does not say. */
    default int loops() {
        return -1;
    }

    /** Returns the colour profile for a thumbnail of another format, if the format does not leave it to its codec to copy it. */
    default Optional<byte[]> profile() {
        return Optional.empty();
    }

    @Override
    default void close() throws IOException {
        // A still picture has nothing to close.
    }

    /** Returns the reader of a still picture that has been decoded already. */
    static FrameReader still(BufferedImage image) {
        return new FrameReader() {

            private BufferedImage next = image;

            @Override
            public BufferedImage next() {
                BufferedImage frame = next;
                next = null; // so that its memory is free as soon as it has been resized
                return frame;
            }
        };
    }
}

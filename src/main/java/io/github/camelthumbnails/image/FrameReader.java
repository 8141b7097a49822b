// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Decodes the frames of a picture one by one. A still picture has one frame. */
public interface FrameReader extends Closeable {

    /**
     * Decodes the next frame as a viewer shows it, that is, composed with the frames before it.
     *
     * @return the frame, which is valid until the next call, or null after the last frame
     * @throws IOException if the file is broken or cut off
     */
    BufferedImage next() throws IOException;

    /** Returns the display duration of the frame that was read last, in milliseconds. */
    default int delayMillis() {
        return 0;
    }

    /**
     * Returns how often the animation is played, as far as it has been read: 0 means for ever.
     */
    default int plays() {
        return 1;
    }

    /**
     * Returns the ICC profile to embed in a thumbnail of another format. Empty if there is none or the output codec
     * copies it.
     */
    default Optional<byte[]> profile() {
        return Optional.empty();
    }

    @Override
    default void close() throws IOException {
        // A still picture has nothing to close.
    }

    /** Creates a reader for a still picture that has already been decoded. */
    static FrameReader still(BufferedImage image) {
        return new FrameReader() {

            private BufferedImage next = image;

            @Override
            public BufferedImage next() {
                BufferedImage frame = next;
                next = null; // lets the garbage collector free the image once it has been resized
                return frame;
            }
        };
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;

/** The parts of a GIF: frames, and extensions before and between them. */
final class GifBlocks {

    /** Starts a block that is no frame. */
    private static final int EXTENSION = 0x21;

    /** Programs write a handful before a frame: how long to show it, how often to repeat, and who they are. */
    private static final int MOST_EXTENSIONS = 1000;

    private GifBlocks() {}

    /**
     * Looks at what precedes the first frame. ImageIO would keep all of it.
     *
     * @throws IOException if there is too much
     */
    static void checkExtensions(byte[] file) throws IOException {
        int extensions = 0;
        int position = 13 + colorTable(file, 10);
        while (position < file.length && file[position] == EXTENSION) {
            position = afterBlocks(file, position + 2);
            if (++extensions > MOST_EXTENSIONS) {
                throw new IOException("more than " + MOST_EXTENSIONS + " extensions before the first frame");
            }
        }
    }

    /** Counts the frames, as far as matters. ImageIO would remember the place of each of millions. */
    static long frames(byte[] file, long maxFrames) {
        long frames = 0;
        int position = 13 + colorTable(file, 10);
        while (position < file.length && frames < maxFrames) {
            switch (file[position]) {
                case 0x2C -> { // an image: descriptor, colour table, code size, data
                    frames++;
                    position = afterBlocks(file, position + 11 + colorTable(file, position + 9));
                }
                case EXTENSION -> position = afterBlocks(file, position + 2);
                default -> position = file.length; // the end, or no GIF any more
            }
        }
        return Math.max(1, frames);
    }

    /** The size of the colour table that the flags at this place announce. */
    private static int colorTable(byte[] file, int position) {
        boolean present = position < file.length && (file[position] & 0x80) != 0;
        return present ? 3 << ((file[position] & 7) + 1) : 0;
    }

    private static int afterBlocks(byte[] file, int start) {
        int position = start;
        while (position < file.length && file[position] != 0) {
            position += 1 + (file[position] & 0xFF);
        }
        return position + 1;
    }
}

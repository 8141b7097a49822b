// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Iterates over the frames of a GIF and reads their headers and extensions without decoding any pixels. Keeps only the
 * current frame in memory, because a file can have millions of them.
 */
final class GifBlocks {

    private static final int HEADER_BYTES = 13;

    /** First byte of a frame. */
    private static final int FRAME = 0x2C;

    /** First byte of an extension block. */
    private static final int EXTENSION = 0x21;

    /** The byte that ends the file. */
    private static final int TRAILER = 0x3B;

    /** Type of the extension that holds the delay, disposal method and transparent colour of the next frame. */
    private static final int GRAPHIC_CONTROL = 0xF9;

    /**
     * Start of the Netscape extension, which holds the loop count: name, length and kind. The count follows in two
     * bytes.
     */
    private static final byte[] LOOP_EXTENSION = "\u000BNETSCAPE2.0\3\1".getBytes(StandardCharsets.ISO_8859_1);

    /**
     * Maximum number of extensions before a frame. Programs write a handful: delay, loop count, and the name of the
     * program.
     */
    private static final int MAX_EXTENSIONS = 1000;

    private final byte[] file;
    private int position;
    private int frame;
    private int control;
    private int loops = -1;
    private boolean hasCompleteFrame;

    /**
     * Reads the header. Call {@link #next} to move to the first frame.
     *
     * @throws IOException if the file is cut off in its header
     */
    GifBlocks(byte[] file) throws IOException {
        this.file = file;
        position = HEADER_BYTES + colorTableBytes(HEADER_BYTES - 3);
        checkEnd();
    }

    /**
     * Moves to the next frame. Garbage or a truncation after a complete frame ends the animation, as it does in
     * browsers.
     *
     * @return whether there is a next frame
     * @throws IOException if the first frame is broken or cut off
     */
    boolean next() throws IOException {
        try {
            boolean found = advance();
            hasCompleteFrame |= found;
            return found;
        } catch (IOException e) {
            if (hasCompleteFrame) {
                position = file.length;
                return false;
            }
            throw e;
        }
    }

    private boolean advance() throws IOException {
        control = -1;
        int extensions = 0;
        while (position < file.length && file[position] != TRAILER) {
            switch (file[position]) {
                case FRAME -> {
                    frame = position + 1;
                    position = frame + 9;
                    checkEnd();
                    position = skipSubBlocks(position + 1 + colorTableBytes(position - 1));
                    return true;
                }
                case EXTENSION -> {
                    if (++extensions > MAX_EXTENSIONS) {
                        throw new IOException("more than " + MAX_EXTENSIONS + " extensions before a frame");
                    }
                    int start = position + 2;
                    position = skipSubBlocks(start);
                    readExtension(start);
                }
                case 0 -> position++; // some programs write a superfluous terminator
                default -> throw new IOException("unknown type of block: " + file[position]);
            }
        }
        if (position == file.length && control >= 0) {
            throw new IOException("the file is cut off before a frame");
        }
        return false;
    }

    private void readExtension(int start) {
        if ((file[start - 1] & 0xFF) == GRAPHIC_CONTROL && position - start >= 5) {
            control = start + 1;
        } else if (position - start > LOOP_EXTENSION.length + 2 && startsWithLoop(start)) {
            loops = unsignedShort(start + LOOP_EXTENSION.length);
        }
    }

    private boolean startsWithLoop(int start) {
        for (int i = 0; i < LOOP_EXTENSION.length; i++) {
            if (file[start + i] != LOOP_EXTENSION[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the width of the logical screen. If it is 0, the first frame determines the size of the screen. */
    int screenWidth() {
        return unsignedShort(6);
    }

    /** Returns the height of the logical screen. If it is 0, the first frame determines the size of the screen. */
    int screenHeight() {
        return unsignedShort(8);
    }

    /** Returns the loop count found so far: 0 means for ever, -1 that there is none. */
    int loops() {
        return loops;
    }

    /** Returns the column of the screen at which the frame begins. */
    int left() {
        return unsignedShort(frame);
    }

    /** Returns the row of the screen at which the frame begins. */
    int top() {
        return unsignedShort(frame + 2);
    }

    /** Returns the width of the frame. */
    int width() {
        return unsignedShort(frame + 4);
    }

    /** Returns the height of the frame. */
    int height() {
        return unsignedShort(frame + 6);
    }

    /** Returns the display duration of the frame in hundredths of a second. */
    int delay() {
        return control < 0 ? 0 : unsignedShort(control + 1);
    }

    /** Returns whether the area of the frame is cleared before the next frame is drawn. */
    boolean disposesToBackground() {
        return disposal() == 2;
    }

    /** Returns whether the area of the frame is restored to its earlier content before the next frame is drawn. */
    boolean disposesToPrevious() {
        return disposal() == 3 || disposal() == 4; // old programs write 4
    }

    /** Returns the index of the transparent colour, or -1 if there is none. */
    int transparentIndex() {
        return control < 0 || (file[control] & 1) == 0 ? -1 : file[control + 3] & 0xFF;
    }

    private int disposal() {
        return control < 0 ? 0 : file[control] >> 2 & 7;
    }

    private int unsignedShort(int start) {
        return file[start] & 0xFF | (file[start + 1] & 0xFF) << 8;
    }

    /** Returns the size of the colour table that the flags at this offset declare. */
    private int colorTableBytes(int flags) {
        boolean present = flags < file.length && (file[flags] & 0x80) != 0;
        return present ? 3 << ((file[flags] & 7) + 1) : 0;
    }

    private int skipSubBlocks(int start) throws IOException {
        position = start;
        while (position < file.length && file[position] != 0) {
            position += 1 + (file[position] & 0xFF);
        }
        position++;
        checkEnd();
        return position;
    }

    private void checkEnd() throws IOException {
        if (position > file.length) {
            throw new IOException("the file is cut off");
        }
    }
}

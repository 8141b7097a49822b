// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The parts of a GIF: frames, and extensions before and between them. Goes from frame to frame without decoding any, and without
 * remembering those behind, of which there may be millions.
 */
final class GifBlocks {

    private static final int HEADER = 13;

    /** Starts a frame. */
    private static final int FRAME = 0x2C;

    /** Starts a block that is no frame. */
    private static final int EXTENSION = 0x21;

    private static final int END = 0x3B;

    /** The extension that says how to show the next frame. */
    private static final int GRAPHIC_CONTROL = 0xF9;

    /** The extension that says how often to repeat, as Netscape Navigator did first: name, length, kind, two bytes. */
    private static final byte[] LOOP = "\u000BNETSCAPE2.0\3\1".getBytes(StandardCharsets.ISO_8859_1);

    /** Programs write a handful before a frame: how long to show it, how often to repeat, and who they are. */
    private static final int MOST_EXTENSIONS = 1000;

    private final byte[] file;
    private int position;
    private int frame;
    private int control;
    private int loops = -1;
    private boolean complete;

    /**
     * Stands before the first frame.
     *
     * @throws IOException if there is not even a header
     */
    GifBlocks(byte[] file) throws IOException {
        this.file = file;
        position = HEADER + colorTable(HEADER - 3);
        checkEnd();
    }

    /**
     * Goes to the next frame.
     *
     * @return whether there is one
     * @throws IOException if the first frame is cut off, or there is none. Garbage or a cut after a complete frame ends the animation,
     *     as it does in browsers
     */
    boolean next() throws IOException {
        try {
            boolean found = advance();
            complete |= found;
            return found;
        } catch (IOException e) {
            if (complete) {
                position = file.length;
                return false;
            }
            throw e;
        }
    }

    private boolean advance() throws IOException {
        control = -1;
        int extensions = 0;
        while (position < file.length && file[position] != END) {
            switch (file[position]) {
                case FRAME -> {
                    frame = position + 1;
                    position = frame + 9;
                    checkEnd();
                    position = afterBlocks(position + 1 + colorTable(position - 1));
                    return true;
                }
                case EXTENSION -> {
                    if (++extensions > MOST_EXTENSIONS) {
                        throw new IOException("more than " + MOST_EXTENSIONS + " extensions before a frame");
                    }
                    int start = position + 2;
                    position = afterBlocks(start);
                    extension(start);
                }
                case 0 -> position++; // some programs write one too many
                default -> throw new IOException("no block of a GIF starts with " + file[position]);
            }
        }
        if (position == file.length && control >= 0) {
            throw new IOException("the file is cut off before a frame that is announced");
        }
        return false;
    }

    private void extension(int start) {
        if ((file[start - 1] & 0xFF) == GRAPHIC_CONTROL && position - start >= 5) {
            control = start + 1;
        } else if (position - start > LOOP.length + 2 && startsWithLoop(start)) {
            loops = unsignedShort(start + LOOP.length);
        }
    }

    private boolean startsWithLoop(int start) {
        for (int i = 0; i < LOOP.length; i++) {
            if (file[start + i] != LOOP[i]) {
                return false;
            }
        }
        return true;
    }

    /** Of the logical screen; 0 if the first frame is to be the screen. */
    int screenWidth() {
        return unsignedShort(6);
    }

    /** Of the logical screen; 0 if the first frame is to be the screen. */
    int screenHeight() {
        return unsignedShort(8);
    }

    /** How often to repeat, 0 for ever, as found so far; -1 if nothing is said. */
    int loops() {
        return loops;
    }

    /** Where the frame is on the screen. */
    int left() {
        return unsignedShort(frame);
    }

    /** Where the frame is on the screen. */
    int top() {
        return unsignedShort(frame + 2);
    }

    /** Of the frame. */
    int width() {
        return unsignedShort(frame + 4);
    }

    /** Of the frame. */
    int height() {
        return unsignedShort(frame + 6);
    }

    /** Hundredths of a second to show the frame. */
    int delay() {
        return control < 0 ? 0 : unsignedShort(control + 1);
    }

    /** Whether the frame's place is to be cleared before the next one. */
    boolean isCleared() {
        return disposal() == 2;
    }

    /** Whether what was there before the frame is to be shown again. Old programs write 4 for it. */
    boolean isRestored() {
        return disposal() == 3 || disposal() == 4;
    }

    /** Returns the index of the colour that is transparent, or -1 if there is none. */
    int transparentIndex() {
        return control < 0 || (file[control] & 1) == 0 ? -1 : file[control + 3] & 0xFF;
    }

    private int disposal() {
        return control < 0 ? 0 : file[control] >> 2 & 7;
    }

    private int unsignedShort(int start) {
        return file[start] & 0xFF | (file[start + 1] & 0xFF) << 8;
    }

    /** The size of the colour table that the flags at this place announce. */
    private int colorTable(int flags) {
        boolean present = flags < file.length && (file[flags] & 0x80) != 0;
        return present ? 3 << ((file[flags] & 7) + 1) : 0;
    }

    private int afterBlocks(int start) throws IOException {
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

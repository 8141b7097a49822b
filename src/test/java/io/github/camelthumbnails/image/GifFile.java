// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes GIF files byte by byte, including invalid ones that ImageIO would not write. */
final class GifFile {

    static final int KEEP = 1;
    static final int CLEAR = 2;
    static final int RESTORE = 3;

    /** Indices of colours in the palette of all files. */
    static final int RED = 0;

    static final int GREEN = 1;
    static final int BLUE = 2;
    static final int YELLOW = 3;
    static final int TRANSPARENT = 7;

    static final int[] COLORS = {0xFFFF0000, 0xFF00FF00, 0xFF0000FF, 0xFFFFFF00, 0xFF000000, 0xFFFFFFFF, 0xFF808080, 0};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Starts a file with a logical screen of the given size. */
    GifFile(int width, int height) {
        out.writeBytes(Pictures.ascii("GIF89a"));
        shorts(width, height);
        bytes(0x80 | 2, 0, 0);
        for (int color : COLORS) {
            bytes(color >> 16, color >> 8, color);
        }
    }

    /** Sets how often to repeat the animation; 0 means forever. */
    GifFile loops(int count) {
        bytes(0x21, 0xFF, 11);
        out.writeBytes(Pictures.ascii("NETSCAPE2.0"));
        bytes(3, 1);
        shorts(count);
        bytes(0);
        return this;
    }

    /** Sets the delay and the disposal method of the next frame. */
    GifFile control(int delay, int disposal) {
        bytes(0x21, 0xF9, 4, disposal << 2 | 1);
        shorts(delay);
        bytes(TRANSPARENT, 0);
        return this;
    }

    /** Adds a frame of one colour. */
    GifFile frame(int left, int top, int width, int height, int color) {
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, color);
        return frame(left, top, width, height, pixels);
    }

    /** Adds a frame of the given colours. They may be fewer than the pixels that the frame declares. */
    GifFile frame(int left, int top, int width, int height, int... pixels) {
        bytes(0x2C);
        shorts(left, top, width, height);
        bytes(0, 3); // codes of four bits, while the table has only three strings
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int half = -1;
        for (int i = 0; i <= pixels.length; i++) {
            int[] codes =
                    i == pixels.length ? new int[] {9} : i % 2 == 0 ? new int[] {8, pixels[i]} : new int[] {pixels[i]};
            for (int code : codes) {
                if (half < 0) {
                    half = code;
                } else {
                    data.write(half | code << 4);
                    half = -1;
                }
            }
        }
        if (half >= 0) {
            data.write(half);
        }
        byte[] all = data.toByteArray();
        for (int start = 0; start < all.length; start += 255) {
            int length = Math.min(255, all.length - start);
            bytes(length);
            out.write(all, start, length);
        }
        bytes(0);
        return this;
    }

    /** Adds raw bytes. */
    GifFile raw(int... values) {
        bytes(values);
        return this;
    }

    /** Returns the file without a trailer. */
    byte[] unfinished() {
        return out.toByteArray();
    }

    /** Returns the file. */
    byte[] finish() {
        bytes(0x3B);
        return out.toByteArray();
    }

    private void bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
    }

    private void shorts(int... values) {
        for (int value : values) {
            bytes(value & 0xFF, value >> 8);
        }
    }
}

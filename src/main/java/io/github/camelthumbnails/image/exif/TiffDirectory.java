// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.exif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the directories of TIFF files and of EXIF, which has the same structure. A directory has entries of 12 bytes: tag, type, count,
 * and the value or where it is.
 */
public final class TiffDirectory {

    /** Bytes of an entry. */
    public static final int ENTRY_BYTES = 12;

    private TiffDirectory() {}

    /** Wraps a file in its byte order. */
    public static ByteBuffer buffer(byte[] tiff) {
        return ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    /** Returns how many entries the directory at this position has. */
    public static long entries(ByteBuffer in, int start) {
        return in.getShort(start) & 0xFFFFL;
    }

    /** Returns the only value of a tag of the first directory, if it is a whole number; -1 if it has none. */
    public static long find(ByteBuffer in, int tag) {
        int start = in.getInt(4);
        for (int i = 0; i < entries(in, start); i++) {
            int entry = start + 2 + ENTRY_BYTES * i;
            if (in.getShort(entry) == tag) {
                return number(in, entry);
            }
        }
        return -1;
    }

    /** Returns the first value of a tag of 16-bit numbers, of which there may be one for each sample; -1 if there is none. */
    public static long findFirst(ByteBuffer in, int tag) {
        int start = in.getInt(4);
        for (int i = 0; i < entries(in, start); i++) {
            int entry = start + 2 + ENTRY_BYTES * i;
            if ((in.getShort(entry) & 0xFFFF) == tag && in.getShort(entry + 2) == 3) {
                long count = in.getInt(entry + 4) & 0xFFFFFFFFL;
                long place = count <= 2 ? entry + 8 : in.getInt(entry + 8) & 0xFFFFFFFFL;
                return count > 0 && place + 2 <= in.capacity() ? in.getShort((int) place) & 0xFFFF : -1;
            }
        }
        return -1;
    }

    /** Returns the only value of the entry at this position; -1 if it has several, or none that is a whole number. */
    public static long number(ByteBuffer in, int entry) {
        return in.getInt(entry + 4) != 1
                ? -1
                : switch (in.getShort(entry + 2)) {
                    case 3 -> in.getShort(entry + 8) & 0xFFFF;
                    case 4 -> in.getInt(entry + 8) & 0xFFFFFFFFL;
                    default -> -1;
                };
    }
}

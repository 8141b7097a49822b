// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.exif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/**
 * Reads the directories of TIFF files and of EXIF, which has the same structure. A directory has entries of 12 bytes: tag, type, count,
 * and the value or where it is.
 */
public final class TiffDirectory {

    /** Bytes of an entry. */
    public static final int ENTRY_BYTES = 12;

    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int MAX_VALUES = 1 << 16;

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
        int entry = entry(in, tag);
        return entry < 0 ? -1 : number(in, entry);
    }

    /** Returns where the entry of a tag of the first directory is; -1 if there is none. */
    public static int entry(ByteBuffer in, int tag) {
        int start = in.getInt(4);
        for (int i = 0; i < entries(in, start); i++) {
            int entry = start + 2 + ENTRY_BYTES * i;
            if ((in.getShort(entry) & 0xFFFF) == tag) {
                return entry;
            }
        }
        return -1;
    }

    /**
     * Returns all values of a tag of the first directory, if they are whole numbers. Returns none if the tag has other values, if there
     * are more than a picture needs, or if they are not in the file.
     */
    public static long[] numbers(ByteBuffer in, int tag) {
        int entry = entry(in, tag);
        int type = entry < 0 ? 0 : in.getShort(entry + 2);
        if (type != SHORT && type != LONG) {
            return new long[0];
        }
        int size = type == SHORT ? Short.BYTES : Integer.BYTES;
        long bytes = size * (in.getInt(entry + 4) & 0xFFFFFFFFL);
        long place = bytes <= 4 ? entry + 8 : in.getInt(entry + 8) & 0xFFFFFFFFL;
        if (bytes > MAX_VALUES * size || place + bytes > in.capacity()) {
            return new long[0];
        }
        return LongStream.iterate(place, each -> each < place + bytes, each -> each + size)
                .map(each -> type == SHORT ? in.getShort((int) each) & 0xFFFF : in.getInt((int) each) & 0xFFFFFFFFL)
                .toArray();
    }

    /** Returns the first value of a tag of 16-bit numbers, of which there may be one for each sample; -1 if there is none. */
    public static long findFirst(ByteBuffer in, int tag) {
        int entry = entry(in, tag);
        long[] values = entry >= 0 && in.getShort(entry + 2) == SHORT ? numbers(in, tag) : new long[0];
        return values.length == 0 ? -1 : values[0];
    }

    /** Returns the only value of the entry at this position; -1 if it has several, or none that is a whole number. */
    public static long number(ByteBuffer in, int entry) {
        return in.getInt(entry + 4) != 1
                ? -1
                : switch (in.getShort(entry + 2)) {
                    case SHORT -> in.getShort(entry + 8) & 0xFFFF;
                    case LONG -> in.getInt(entry + 8) & 0xFFFFFFFFL;
                    default -> -1;
                };
    }
}

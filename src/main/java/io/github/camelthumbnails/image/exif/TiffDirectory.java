// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.exif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/**
 * Reads the directories of TIFF files and of EXIF data, which has the same structure. A directory has entries of 12
 * bytes: tag, type, count, and the value or its offset.
 */
public final class TiffDirectory {

    /** Size of a directory entry. */
    public static final int ENTRY_BYTES = 12;

    /** The TIFF type of unsigned 16-bit integers. */
    private static final int TYPE_SHORT = 3;

    /** The TIFF type of unsigned 32-bit integers. */
    private static final int TYPE_LONG = 4;

    /** Maximum number of values of a tag: far more than a picture needs. */
    private static final int MAX_VALUES = 1 << 16;

    private TiffDirectory() {}

    /** Wraps a file in a buffer that has the byte order of the file. */
    public static ByteBuffer buffer(byte[] tiff) {
        return ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    /** Returns the number of entries of the directory at this offset. */
    public static long entryCount(ByteBuffer in, int start) {
        return in.getShort(start) & 0xFFFFL;
    }

    /**
     * Returns the integer value of a tag of the first directory. Returns -1 if the tag is missing, has several values
     * or another type.
     */
    public static long find(ByteBuffer in, int tag) {
        int entry = entry(in, tag);
        return entry < 0 ? -1 : number(in, entry);
    }

    /** Returns the offset of the entry of a tag of the first directory. Returns -1 if there is none. */
    public static int entry(ByteBuffer in, int tag) {
        int start = in.getInt(4);
        for (int i = 0; i < entryCount(in, start); i++) {
            int entry = start + 2 + ENTRY_BYTES * i;
            if ((in.getShort(entry) & 0xFFFF) == tag) {
                return entry;
            }
        }
        return -1;
    }

    /**
     * Returns all integer values of a tag of the first directory. Returns an empty array if the tag has another type,
     * if it has more values than a picture needs, or if its values lie outside the file.
     */
    public static long[] numbers(ByteBuffer in, int tag) {
        int entry = entry(in, tag);
        int type = entry < 0 ? 0 : in.getShort(entry + 2);
        if (type != TYPE_SHORT && type != TYPE_LONG) {
            return new long[0];
        }
        int size = type == TYPE_SHORT ? Short.BYTES : Integer.BYTES;
        long bytes = size * (in.getInt(entry + 4) & 0xFFFFFFFFL);
        long offset = bytes <= 4 ? entry + 8 : in.getInt(entry + 8) & 0xFFFFFFFFL;
        if (bytes > MAX_VALUES * size || offset + bytes > in.capacity()) {
            return new long[0];
        }
        return LongStream.iterate(offset, each -> each < offset + bytes, each -> each + size)
                .map(each ->
                        type == TYPE_SHORT ? in.getShort((int) each) & 0xFFFF : in.getInt((int) each) & 0xFFFFFFFFL)
                .toArray();
    }

    /**
     * Returns the first value of a tag of 16-bit integers, which may have a value for each sample. Returns -1 if there
     * is none.
     */
    public static long findFirst(ByteBuffer in, int tag) {
        int entry = entry(in, tag);
        long[] values = entry >= 0 && in.getShort(entry + 2) == TYPE_SHORT ? numbers(in, tag) : new long[0];
        return values.length == 0 ? -1 : values[0];
    }

    /** Returns the integer value of the entry at this offset. Returns -1 if it has several values or another type. */
    public static long number(ByteBuffer in, int entry) {
        return in.getInt(entry + 4) != 1
                ? -1
                : switch (in.getShort(entry + 2)) {
                    case TYPE_SHORT -> in.getShort(entry + 8) & 0xFFFF;
                    case TYPE_LONG -> in.getInt(entry + 8) & 0xFFFFFFFFL;
                    default -> -1;
                };
    }
}

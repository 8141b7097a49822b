// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** The parts of a PNG. */
final class PngChunks {

    private static final int SIGNATURE = 8;

    /** Beside the data of a chunk: its length, type and checksum. */
    private static final int FRAME = 12;

    /** Enough for a palette and its transparency. */
    private static final int HEADER_BYTES = 2048;

    private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private PngChunks() {}

    /**
     * Returns the same picture without texts, profiles and the like. The JDK's reader skips them, but not in a picture with a palette:
     * there it inflates texts, however large they become. It also fails if one of them has a fault.
     */
    static byte[] decodable(byte[] png) {
        return needed(png, true);
    }

    /** Returns the chunks that say what the picture is like, without the pixels. */
    static byte[] header(byte[] png) {
        return needed(png, false);
    }

    private static byte[] needed(byte[] png, boolean pixels) {
        ByteBuffer all = ByteBuffer.wrap(png);
        ByteArrayOutputStream needed = new ByteArrayOutputStream(pixels ? png.length : HEADER_BYTES);
        needed.write(png, 0, Math.min(SIGNATURE, png.length));
        for (int start = SIGNATURE; start < png.length; start = next(all, start)) {
            String type = type(all, start);
            int length = next(all, start) - start;
            if (!pixels && type.equals("IDAT")) {
                for (String end : List.of("IDAT", "IEND")) { // readers look for them
                    needed.writeBytes(chunk(end, ByteBuffer.allocate(0)));
                }
                break;
            }
            if (NEEDED.contains(type)) {
                needed.write(png, start, length);
            }
        }
        return needed.toByteArray();
    }

    /** The data of the first chunk of a type; empty if there is none. */
    static ByteBuffer find(byte[] png, String type) {
        ByteBuffer all = ByteBuffer.wrap(png);
        for (int start = SIGNATURE; start < png.length; start = next(all, start)) {
            if (type.equals(type(all, start))) {
                return all.slice(start + 8, Math.max(0, next(all, start) - start - FRAME));
            }
        }
        return ByteBuffer.allocate(0);
    }

    /** A whole chunk with some data. */
    static byte[] chunk(String type, ByteBuffer data) {
        ByteBuffer chunk = ByteBuffer.allocate(data.remaining() + FRAME).putInt(data.remaining());
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, chunk.position() - 4);
        return chunk.putInt((int) checksum.getValue()).array();
    }

    /** Whether the chunk that starts here is of a type. */
    static boolean isType(byte[] png, int start, String type) {
        return type.equals(type(ByteBuffer.wrap(png), start));
    }

    private static String type(ByteBuffer png, int start) {
        return start + 8 > png.capacity() ? "" : new String(png.array(), start + 4, 4, StandardCharsets.ISO_8859_1);
    }

    /** Where the next one begins; the end of the file if this one is cut off. */
    private static int next(ByteBuffer png, int start) {
        if (start + FRAME > png.capacity()) {
            return png.capacity();
        }
        long end = (long) start + FRAME + (png.getInt(start) & 0xFFFFFFFFL);
        return (int) Math.min(png.capacity(), end);
    }
}

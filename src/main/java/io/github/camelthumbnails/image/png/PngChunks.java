// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** Finds and creates the chunks of a PNG file, and removes those that are not needed to decode it. */
final class PngChunks {

    private static final int SIGNATURE_BYTES = 8;

    /** Bytes of a chunk without its data: length, type and checksum. */
    private static final int CHUNK_OVERHEAD = 12;

    /** Initial buffer size for a header, enough for a palette and its transparency. */
    private static final int HEADER_BYTES = 2048;

    /** The types of the chunks that are needed to decode the pixels. */
    private static final Set<String> NEEDED_TYPES = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private PngChunks() {}

    /**
     * Returns the file without texts, profiles and other metadata. The JDK's reader fails if metadata is broken, and in
     * pictures with a palette it inflates compressed texts of any size.
     */
    static byte[] withoutMetadata(byte[] png) {
        return copyNeeded(png, true);
    }

    /** Returns the file without metadata and pixels: size, colour type, palette and transparency are left. */
    static byte[] header(byte[] png) {
        return copyNeeded(png, false);
    }

    private static byte[] copyNeeded(byte[] png, boolean pixels) {
        ByteBuffer all = ByteBuffer.wrap(png);
        ByteArrayOutputStream needed = new ByteArrayOutputStream(pixels ? png.length : HEADER_BYTES);
        needed.write(png, 0, Math.min(SIGNATURE_BYTES, png.length));
        for (int start = SIGNATURE_BYTES; start < png.length; start = next(all, start)) {
            String type = type(all, start);
            int length = next(all, start) - start;
            if (!pixels && type.equals("IDAT")) {
                for (String end : List.of("IDAT", "IEND")) { // readers fail without these chunks
                    needed.writeBytes(create(end, ByteBuffer.allocate(0)));
                }
                break;
            }
            if (NEEDED_TYPES.contains(type)) {
                needed.write(png, start, length);
            }
        }
        return needed.toByteArray();
    }

    /** Returns the data of the first chunk of a type. Empty if there is none. */
    static ByteBuffer find(byte[] png, String type) {
        ByteBuffer all = ByteBuffer.wrap(png);
        for (int start = SIGNATURE_BYTES; start < png.length; start = next(all, start)) {
            if (type.equals(type(all, start))) {
                return all.slice(start + 8, Math.max(0, next(all, start) - start - CHUNK_OVERHEAD));
            }
        }
        return ByteBuffer.allocate(0);
    }

    /** Returns a copy of the data of the first chunk of a type. Empty if there is none. */
    static byte[] data(byte[] png, String type) {
        ByteBuffer chunk = find(png, type);
        byte[] data = new byte[chunk.remaining()];
        chunk.get(data);
        return data;
    }

    /** Creates a chunk with its length and checksum. */
    static byte[] create(String type, ByteBuffer data) {
        ByteBuffer chunk =
                ByteBuffer.allocate(data.remaining() + CHUNK_OVERHEAD).putInt(data.remaining());
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, chunk.position() - 4);
        return chunk.putInt((int) checksum.getValue()).array();
    }

    /** Returns whether the chunk at this offset is of a type. */
    static boolean isType(byte[] png, int start, String type) {
        return type.equals(type(ByteBuffer.wrap(png), start));
    }

    private static String type(ByteBuffer png, int start) {
        return start + 8 > png.capacity() ? "" : new String(png.array(), start + 4, 4, StandardCharsets.ISO_8859_1);
    }

    /** Returns the offset of the next chunk, or the end of the file if this chunk is cut off. */
    private static int next(ByteBuffer png, int start) {
        if (start + CHUNK_OVERHEAD > png.capacity()) {
            return png.capacity();
        }
        long end = (long) start + CHUNK_OVERHEAD + (png.getInt(start) & 0xFFFFFFFFL);
        return (int) Math.min(png.capacity(), end);
    }
}

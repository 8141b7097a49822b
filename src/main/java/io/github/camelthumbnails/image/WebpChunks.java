// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The parts of a WebP. */
final class WebpChunks {

    /** Of a file in the extended form: there may be alpha. */
    static final int ALPHA_FLAG = 0x10;

    static final int RIFF_HEADER = 12;

    private static final int FRAME_HEADER = 16;

    private WebpChunks() {}

    /** The data of the first chunk of a type; empty if there is none, or if it is cut off. */
    static ByteBuffer find(byte[] webp, String type) {
        return all(webp, type).findFirst().orElseGet(() -> ByteBuffer.allocate(0));
    }

    /** Returns the data of the last complete chunk of a type, which is the one that libwebp uses of several. */
    static Optional<ByteBuffer> findLast(byte[] webp, String type) {
        return all(webp, type).reduce((earlier, later) -> later);
    }

    private static Stream<ByteBuffer> all(byte[] webp, String type) {
        ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        return LongStream.iterate(
                        RIFF_HEADER,
                        start -> start + 8 <= webp.length,
                        start -> start + 8 + length(in, start) + length(in, start) % 2)
                .filter(start -> start + 8 + length(in, start) <= webp.length)
                .filter(start -> type.equals(new String(webp, (int) start, 4, StandardCharsets.ISO_8859_1)))
                .mapToObj(start -> in.slice((int) start + 8, (int) length(in, start)));
    }

    private static long length(ByteBuffer in, long start) {
        return in.getInt((int) start + 4) & 0xFFFFFFFFL;
    }

    /**
     * Makes a still picture of an animation, which the decoder does not read: its first frame.
     *
     * @return the file itself if it is no animation
     */
    static byte[] still(byte[] webp) {
        ByteBuffer frame = find(webp, "ANMF");
        if (frame.remaining() < FRAME_HEADER) {
            return webp;
        }
        // The frame's width and height, less one, follow its place; its chunks follow how long and how it is shown.
        byte[] size = new byte[6];
        frame.get(6, size);
        ByteBuffer chunks = frame.slice(FRAME_HEADER, frame.remaining() - FRAME_HEADER);
        ByteBuffer still =
                ByteBuffer.allocate(RIFF_HEADER + 18 + chunks.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        still.put(webp, 0, RIFF_HEADER).putInt(4, still.capacity() - 8);
        still.put("VP8X".getBytes(StandardCharsets.ISO_8859_1)).putInt(10).putInt(ALPHA_FLAG);
        return still.put(size).put(chunks).array();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import java.awt.Dimension;
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

    /** Of a file in the extended form: there are several frames. */
    private static final int ANIMATION_FLAG = 0x02;

    /** Of a file in the extended form: there is a colour profile. */
    private static final int ICC_FLAG = 0x20;

    static final int RIFF_HEADER = 12;

    /** In the fifth byte of a lossless picture: there may be alpha. */
    private static final int LOSSLESS_ALPHA = 0x10;

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

    /** Returns a WebP with a colour profile. It is of the extended form, which has a header of its own. */
    static byte[] withProfile(byte[] webp, ByteBuffer profile, Dimension size) {
        ByteBuffer extended = find(webp, "VP8X");
        int rest = extended.hasRemaining() ? RIFF_HEADER + 8 + extended.remaining() : RIFF_HEADER;
        int flags = ICC_FLAG
                | (extended.hasRemaining()
                        ? extended.get(0) & (ALPHA_FLAG | ANIMATION_FLAG)
                        : losslessAlpha(find(webp, "VP8L")));
        int padding = profile.remaining() % 2;
        ByteBuffer result = ByteBuffer.allocate(
                        RIFF_HEADER + 18 + 8 + profile.remaining() + padding + webp.length - rest)
                .order(ByteOrder.LITTLE_ENDIAN);
        result.put(webp, 0, RIFF_HEADER).putInt(4, result.capacity() - 8);
        result.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(flags);
        put24(result, size.width - 1);
        put24(result, size.height - 1);
        result.put("ICCP".getBytes(StandardCharsets.US_ASCII)).putInt(profile.remaining());
        result.put(profile).put(new byte[padding]);
        return result.put(webp, rest, webp.length - rest).array();
    }

    /** Returns the flag of a lossless picture without an extended header, which says itself whether there may be alpha. */
    private static int losslessAlpha(ByteBuffer lossless) {
        return lossless.remaining() >= 5 && (lossless.get(4) & LOSSLESS_ALPHA) != 0 ? ALPHA_FLAG : 0;
    }

    private static void put24(ByteBuffer buffer, int number) {
        buffer.putShort((short) number).put((byte) (number >> 16));
    }
}

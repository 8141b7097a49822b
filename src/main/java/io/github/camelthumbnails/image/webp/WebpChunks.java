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

/** Finds and rewrites the chunks of a WebP file, for example to extract the first frame or to add a colour profile. */
final class WebpChunks {

    /** Flag in the extended (VP8X) header: the picture may have an alpha channel. */
    static final int ALPHA_FLAG = 0x10;

    /** Flag in the extended (VP8X) header: the file is an animation. */
    private static final int ANIMATION_FLAG = 0x02;

    /** Flag in the extended (VP8X) header: the file has a colour profile. */
    private static final int ICC_FLAG = 0x20;

    static final int RIFF_HEADER_BYTES = 12;

    /** Flag in the fifth byte of a lossless picture: it may have an alpha channel. */
    private static final int LOSSLESS_ALPHA_FLAG = 0x10;

    private static final int FRAME_HEADER_BYTES = 16;

    private WebpChunks() {}

    /** Returns the data of the first chunk of a type; empty if there is none or if it is truncated. */
    static ByteBuffer find(byte[] webp, String type) {
        return all(webp, type).findFirst().orElseGet(() -> ByteBuffer.allocate(0));
    }

    /** Returns the data of the last complete chunk of a type. If there are several, libwebp uses the last one. */
    static Optional<ByteBuffer> findLast(byte[] webp, String type) {
        return all(webp, type).reduce((earlier, later) -> later);
    }

    private static Stream<ByteBuffer> all(byte[] webp, String type) {
        ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        return LongStream.iterate(
                        RIFF_HEADER_BYTES,
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
     * Extracts the first frame of an animation as a still picture, for a decoder that does not support animations.
     *
     * @return the still picture; the given file if it is not an animation
     */
    static byte[] extractFirstFrame(byte[] webp) {
        ByteBuffer frame = find(webp, "ANMF");
        if (frame.remaining() < FRAME_HEADER_BYTES) {
            return webp;
        }
        // Frame header: position, then width - 1 and height - 1, then duration and flags. The frame's chunks follow it.
        byte[] size = new byte[6];
        frame.get(6, size);
        ByteBuffer chunks = frame.slice(FRAME_HEADER_BYTES, frame.remaining() - FRAME_HEADER_BYTES);
        ByteBuffer still =
                ByteBuffer.allocate(RIFF_HEADER_BYTES + 18 + chunks.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        still.put(webp, 0, RIFF_HEADER_BYTES).putInt(4, still.capacity() - 8);
        still.put("VP8X".getBytes(StandardCharsets.ISO_8859_1)).putInt(10).putInt(ALPHA_FLAG);
        return still.put(size).put(chunks).array();
    }

    /** Adds a colour profile. The result has the extended (VP8X) header, which a profile requires. */
    static byte[] withProfile(byte[] webp, ByteBuffer profile, Dimension size) {
        ByteBuffer extended = find(webp, "VP8X");
        int rest = extended.hasRemaining() ? RIFF_HEADER_BYTES + 8 + extended.remaining() : RIFF_HEADER_BYTES;
        int flags = ICC_FLAG
                | (extended.hasRemaining()
                        ? extended.get(0) & (ALPHA_FLAG | ANIMATION_FLAG)
                        : losslessAlpha(find(webp, "VP8L")));
        int padding = profile.remaining() % 2;
        ByteBuffer result = ByteBuffer.allocate(
                        RIFF_HEADER_BYTES + 18 + 8 + profile.remaining() + padding + webp.length - rest)
                .order(ByteOrder.LITTLE_ENDIAN);
        result.put(webp, 0, RIFF_HEADER_BYTES).putInt(4, result.capacity() - 8);
        result.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(flags);
        put24(result, size.width - 1);
        put24(result, size.height - 1);
        result.put("ICCP".getBytes(StandardCharsets.US_ASCII)).putInt(profile.remaining());
        result.put(profile).put(new byte[padding]);
        return result.put(webp, rest, webp.length - rest).array();
    }

    /**
     * Returns {@link #ALPHA_FLAG} if the picture's own header, rather than an extended one, says that it may have
     * alpha; else 0.
     */
    private static int losslessAlpha(ByteBuffer lossless) {
        return lossless.remaining() >= 5 && (lossless.get(4) & LOSSLESS_ALPHA_FLAG) != 0 ? ALPHA_FLAG : 0;
    }

    private static void put24(ByteBuffer buffer, int number) {
        buffer.putShort((short) number).put((byte) (number >> 16));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The parts of a WebP. */
final class WebpChunks {

    /** Of a file in the extended form: there may be alpha. */
    static final int ALPHA_FLAG = 0x10;

    static final int RIFF_HEADER = 12;

    private static final int FRAME_HEADER = 16;

    private WebpChunks() {}

    /** The data of the first chunk of a type; empty if there is none, or if it is cut off. */
    static ByteBuffer find(byte[] webp, String type) {
        ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        for (long start = RIFF_HEADER; start + 8 <= webp.length; ) {
            long length = in.getInt((int) start + 4) & 0xFFFFFFFFL;
            boolean found = type.equals(new String(webp, (int) start, 4, StandardCharsets.ISO_8859_1));
            if (found && start + 8 + length <= webp.length) {
                return in.slice((int) start + 8, (int) length);
            }
            start += 8 + length + length % 2;
        }
        return ByteBuffer.allocate(0);
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

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The parts of a WebP. */
final class WebpChunks {

    private static final int RIFF_HEADER = 12;

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
}

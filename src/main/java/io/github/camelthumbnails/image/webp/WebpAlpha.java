// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import io.github.camelthumbnails.image.imageio.ImageIoReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Validates the alpha channel of a lossy WebP, which is stored in a chunk of its own. libwebp reports "out of memory"
 * both when the start of this chunk is damaged and when memory is really exhausted. This class tells the two cases
 * apart.
 *
 * @see <a href="https://developers.google.com/speed/webp/docs/riff_container#alpha">Alpha chunk</a>
 */
final class WebpAlpha {

    private static final int HEADER_BYTES = 1;
    private static final int METHOD_MASK = 3;
    private static final int UNCOMPRESSED = 0;
    private static final int LOSSLESS = 1;

    /** Mask of the bits that must be zero: the reserved bits and the upper bit of the preprocessing field. */
    private static final int UNUSED_MASK = 0xE0;

    /**
     * First byte of a lossless picture. Width - 1 and height - 1 follow in 14 bits each, then four bits that may be
     * zero.
     */
    private static final int LOSSLESS_SIGNATURE = 0x2F;

    private static final int LOSSLESS_SIZE_BITS = 14;

    private WebpAlpha() {}

    /**
     * Checks that the alpha channel can be decoded. A file without one passes.
     *
     * @param webp the file
     * @param width width of the picture in pixels
     * @param height height of the picture in pixels
     * @param cancelled returns true to abort the decode
     * @throws IOException if the alpha channel is broken
     * @throws OutOfMemoryError if there is not enough memory to decode it
     */
    static void check(byte[] webp, int width, int height, BooleanSupplier cancelled) throws IOException {
        Optional<ByteBuffer> chunk = WebpChunks.findLast(webp, "ALPH");
        if (chunk.isEmpty()) {
            return;
        }
        ByteBuffer alpha = chunk.get();
        if (alpha.remaining() <= HEADER_BYTES) {
            throw new IOException("the alpha channel is empty");
        }
        int method = alpha.get(0) & METHOD_MASK;
        if (method > LOSSLESS || (alpha.get(0) & UNUSED_MASK) != 0) {
            throw new IOException("the alpha channel has an unknown header");
        }
        ByteBuffer data = alpha.slice(HEADER_BYTES, alpha.remaining() - HEADER_BYTES);
        if (method == UNCOMPRESSED && data.remaining() < (long) width * height) {
            throw new IOException("the alpha channel is cut off");
        }
        if (method == LOSSLESS) {
            decode(losslessPicture(data, width, height), cancelled);
        }
    }

    /** Turns the alpha channel, which is encoded as a lossless picture without a header, into a complete WebP file. */
    private static byte[] losslessPicture(ByteBuffer data, int width, int height) {
        int chunkBytes = 1 + Integer.BYTES + data.remaining();
        ByteBuffer webp = ByteBuffer.allocate(WebpChunks.RIFF_HEADER_BYTES + 8 + chunkBytes + chunkBytes % 2)
                .order(ByteOrder.LITTLE_ENDIAN);
        webp.put(ascii("RIFF")).putInt(webp.capacity() - 8).put(ascii("WEBP"));
        webp.put(ascii("VP8L")).putInt(chunkBytes).put((byte) LOSSLESS_SIGNATURE);
        return webp.putInt(width - 1 | height - 1 << LOSSLESS_SIZE_BITS)
                .put(data)
                .array();
    }

    private static void decode(byte[] webp, BooleanSupplier cancelled) throws IOException {
        try {
            ImageIoReader.decode("WEBP", webp, cancelled);
        } catch (IOException e) {
            throw new IOException("the alpha channel is broken: " + e.getMessage(), e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of a WebP and a summary of its frames, read from its chunks without decoding any pixels. Reading takes the
 * same small amount of memory for every file.
 *
 * @param width width of the canvas in pixels
 * @param height height of the canvas in pixels
 * @param animated whether the file is an animation, possibly with a single frame
 * @param alpha whether there may be transparent pixels
 * @param lossless whether all frames are compressed losslessly
 * @param loops how often the animation is played; 0 means forever
 * @param frames number of complete frames, at least 1; libwebp skips frames that have no data
 * @param firstFrame position and size of the first frame on the canvas
 * @param maxFramePixels number of pixels of the largest frame
 * @see <a href="https://developers.google.com/speed/webp/docs/riff_container">WebP container</a>
 */
public record WebpHeader(
        int width,
        int height,
        boolean animated,
        boolean alpha,
        boolean lossless,
        int loops,
        int frames,
        Rectangle firstFrame,
        long maxFramePixels) {

    private static final int RIFF_BYTES = 12;
    private static final int CHUNK_BYTES = 8;
    private static final int EXTENDED_BYTES = 10;
    private static final int LOSSY_BYTES = 10;
    private static final int LOSSLESS_BYTES = 5;
    private static final int ANIMATION_BYTES = 6;
    private static final int FRAME_BYTES = 16;

    private static final int ANIMATION_FLAG = 0x02;
    private static final int ALPHA_FLAG = 0x10;
    private static final int SIDE_BITS = 14;
    private static final int SIDE_MASK = (1 << SIDE_BITS) - 1;
    private static final int LOSSLESS_ALPHA_BIT = 28;

    /**
     * Reads the header of a file, which may be truncated.
     *
     * @throws IOException if the file is not a WebP or has no picture, if a frame is not within the canvas, or if its
     *     data has another size than its header says
     */
    public static WebpHeader read(byte[] webp) throws IOException {
        return new Scan(ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN)).header();
    }

    /**
     * Removes everything after the last complete chunk of a file, because libwebp rejects truncated animations.
     *
     * @return the shortened file; the given file if it ends with a complete chunk
     */
    static byte[] withoutIncompleteEnd(byte[] webp) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        int end = Chunk.riffEnd(in);
        int complete = RIFF_BYTES;
        Chunk chunk = Chunk.read(in, complete, end);
        while (chunk != null && chunk.complete) {
            complete = chunk.start + chunk.length + chunk.length % 2;
            chunk = Chunk.read(in, complete, end);
        }
        if (complete - CHUNK_BYTES == in.getInt(4)) {
            return webp;
        }
        byte[] result = Arrays.copyOf(webp, complete);
        ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putInt(4, complete - CHUNK_BYTES);
        return result;
    }

    /**
     * A chunk of a file.
     *
     * @param start index of its first data byte
     * @param length number of data bytes that are present
     * @param complete whether all of its data is present
     */
    private record Chunk(String type, int start, int length, boolean complete) {

        /**
         * Returns the end of the file: the one that the RIFF header declares, or the last byte if the file is
         * truncated.
         */
        static int riffEnd(ByteBuffer in) throws IOException {
            if (in.limit() < RIFF_BYTES
                    || !type(in, 0).equals("RIFF")
                    || !type(in, 8).equals("WEBP")) {
                throw new IOException("the first bytes are not those of a WebP");
            }
            return (int) Math.min(in.limit(), CHUNK_BYTES + unsignedInt(in, 4));
        }

        /** Reads the chunk at a position; null if there is none. */
        static Chunk read(ByteBuffer in, int position, int end) {
            if (position > end - CHUNK_BYTES) {
                return null;
            }
            int start = position + CHUNK_BYTES;
            long length = unsignedInt(in, position + 4);
            return new Chunk(type(in, position), start, (int) Math.min(length, end - start), length <= end - start);
        }

        /** Returns the chunk after this one, or null if there is none. */
        Chunk next(ByteBuffer in, int end) {
            return complete ? read(in, start + length + length % 2, end) : null;
        }

        private static String type(ByteBuffer in, int position) {
            return new String(in.array(), position, 4, StandardCharsets.ISO_8859_1);
        }

        private static long unsignedInt(ByteBuffer in, int position) {
            return in.getInt(position) & 0xFFFFFFFFL;
        }
    }

    /** Reads the chunks of a file in a single pass. */
    private static final class Scan {

        private final ByteBuffer in;
        private int width;
        private int height;
        private int loops;
        private int frames;
        private boolean lossy;
        private Rectangle firstFrame;
        private long maxFramePixels;

        Scan(ByteBuffer in) {
            this.in = in;
        }

        WebpHeader header() throws IOException {
            int end = Chunk.riffEnd(in);
            Chunk first = Chunk.read(in, RIFF_BYTES, end);
            if (first != null && first.type.equals("VP8X") && first.length >= EXTENDED_BYTES) {
                return extended(first, end);
            }
            Dimension size = first == null ? null : size(first);
            if (size == null) {
                throw new IOException("the WebP has no picture");
            }
            boolean lossless = first.type.equals("VP8L");
            boolean alpha = lossless && (in.getInt(first.start + 1) >> LOSSLESS_ALPHA_BIT & 1) != 0;
            return still(size.width, size.height, alpha, lossless);
        }

        /** Returns the size in the picture data of a frame; null if the chunk has another type or is too short. */
        private Dimension size(Chunk chunk) {
            if (chunk.type.equals("VP8 ") && chunk.length >= LOSSY_BYTES) {
                return new Dimension(
                        in.getShort(chunk.start + 6) & SIDE_MASK, in.getShort(chunk.start + 8) & SIDE_MASK);
            }
            if (chunk.type.equals("VP8L") && chunk.length >= LOSSLESS_BYTES) {
                int bits = in.getInt(chunk.start + 1);
                return new Dimension((bits & SIDE_MASK) + 1, (bits >> SIDE_BITS & SIDE_MASK) + 1);
            }
            return null;
        }

        private void checkSize(Chunk chunk, int expectedWidth, int expectedHeight) throws IOException {
            Dimension size = size(chunk);
            if (size != null && (size.width != expectedWidth || size.height != expectedHeight)) {
                throw new IOException("frame " + Math.max(1, frames) + " has " + size.width + " x " + size.height
                        + " pixels, not " + expectedWidth + " x " + expectedHeight + " as its header says");
            }
        }

        private static WebpHeader still(int width, int height, boolean alpha, boolean lossless) throws IOException {
            if (width == 0 || height == 0) {
                throw new IOException("the WebP is " + width + " x " + height + " pixels");
            }
            Rectangle all = new Rectangle(width, height);
            return new WebpHeader(width, height, false, alpha, lossless, 0, 1, all, (long) width * height);
        }

        private WebpHeader extended(Chunk header, int end) throws IOException {
            int flags = in.get(header.start);
            boolean alpha = (flags & ALPHA_FLAG) != 0;
            width = int24(header.start + 4) + 1;
            height = int24(header.start + 7) + 1;
            boolean stillPicture = false;
            for (Chunk chunk = header.next(in, end); chunk != null; chunk = chunk.next(in, end)) {
                switch (chunk.type) {
                    case "ANIM" ->
                        loops = chunk.length >= ANIMATION_BYTES ? in.getShort(chunk.start + 4) & 0xFFFF : loops;
                    case "ANMF" -> addFrame(chunk);
                    case "VP8 ", "VP8L" -> {
                        checkSize(chunk, width, height);
                        stillPicture = true;
                        lossy |= chunk.type.equals("VP8 ");
                    }
                    default -> {} // metadata or an unknown chunk
                }
            }
            boolean animated = (flags & ANIMATION_FLAG) != 0;
            if (frames == 0 && (animated || !stillPicture)) {
                throw new IOException("the WebP has no complete frame");
            }
            if (frames == 0) {
                return still(width, height, alpha, !lossy);
            }
            return new WebpHeader(width, height, animated, alpha, !lossy, loops, frames, firstFrame, maxFramePixels);
        }

        private void addFrame(Chunk chunk) throws IOException {
            if (!chunk.complete || chunk.length < FRAME_BYTES) {
                return;
            }
            int start = chunk.start;
            Rectangle frame =
                    new Rectangle(2 * int24(start), 2 * int24(start + 3), int24(start + 6) + 1, int24(start + 9) + 1);
            if (frame.x + frame.width > width || frame.y + frame.height > height) {
                throw new IOException(
                        "frame " + (frames + 1) + " is not within the canvas of " + width + " x " + height);
            }
            firstFrame = frames == 0 ? frame : firstFrame;
            maxFramePixels = Math.max(maxFramePixels, (long) frame.width * frame.height);
            frames++;
            int end = start + chunk.length;
            for (Chunk part = Chunk.read(in, start + FRAME_BYTES, end); part != null; part = part.next(in, end)) {
                checkSize(part, frame.width, frame.height);
                lossy |= part.type.equals("VP8 ");
            }
        }

        private int int24(int position) {
            return in.getShort(position) & 0xFFFF | (in.get(position + 2) & 0xFF) << 16;
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Describes how a PNG stores its pixels.
 *
 * @param depth number of bits per sample
 * @param channels number of samples per pixel
 * @param transparency data of the chunk tRNS: the alpha of the palette, or the one colour that is transparent. Empty if
 *     there is none
 */
record PngHeader(int width, int height, int depth, int colorType, int channels, byte[] transparency) {

    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGB_ALPHA = 6;

    /** End of the header chunk IHDR, which is always the first. */
    private static final int IHDR_END = 33;

    /** Offset of the byte that is zero if the picture is not interlaced. */
    private static final int INTERLACE_OFFSET = IHDR_END - 5;

    /**
     * Reads the header of a file.
     *
     * @throws IOException if it is invalid
     */
    static PngHeader read(byte[] png) throws IOException {
        ByteBuffer numbers = ByteBuffer.wrap(png);
        int width = numbers.getInt(16);
        int height = numbers.getInt(20);
        int depth = png[24];
        int colorType = png[25];
        int channels =
                switch (colorType) {
                    case GREY, PALETTE -> 1;
                    case GREY_ALPHA -> 2;
                    case RGB -> 3;
                    case RGB_ALPHA -> 4;
                    default -> throw new IOException("unknown colour type " + colorType);
                };
        boolean allowed = depth == 8
                || depth == 16 && colorType != PALETTE
                || (depth == 1 || depth == 2 || depth == 4) && channels == 1;
        if (width <= 0 || height <= 0 || !allowed) {
            throw new IOException("invalid header: " + width + " x " + height + " pixels of colour type " + colorType
                    + ", " + depth + " bits");
        }
        return new PngHeader(width, height, depth, colorType, channels, PngChunks.data(png, "tRNS"));
    }

    /** Returns whether the file has a complete header and its pixels are not interlaced. */
    static boolean isPlain(byte[] png) {
        return png.length > IHDR_END && png[INTERLACE_OFFSET] == 0;
    }

    /** Returns the number of bits per stored pixel. */
    int bitsPerPixel() {
        return channels * depth;
    }

    /** Returns the length of a stored row in bytes, including the byte that selects its filter. */
    int rowLength() {
        return Math.toIntExact(((long) width * bitsPerPixel() + 7) / 8) + 1;
    }

    /** Returns whether each pixel has a sample for alpha. */
    boolean hasAlphaSamples() {
        return channels % 2 == 0;
    }

    /** Returns the number of bytes per decoded pixel: an index, a grey, three colours, or three and alpha. */
    int bytesPerDecodedPixel() {
        boolean isOneSample = colorType == PALETTE || colorType == GREY && transparency.length == 0;
        boolean isOpaque = colorType == RGB && transparency.length == 0;
        return isOneSample ? 1 : isOpaque ? 3 : 4;
    }
}

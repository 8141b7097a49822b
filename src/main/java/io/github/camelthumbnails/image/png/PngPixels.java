// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import io.github.camelthumbnails.image.pixels.RgbImages;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.util.Arrays;

/** Converts the rows of a PNG to pixels with 8 bits per sample. */
final class PngPixels {

    private final PngHeader header;
    private final byte[] transparency;
    private final IndexColorModel palette;

    /**
     * Creates a converter.
     *
     * @param header header of the file
     * @throws IOException if the picture needs a palette and has none
     */
    PngPixels(byte[] png, PngHeader header) throws IOException {
        this.header = header;
        transparency = header.transparency();
        palette = header.colorType() == PngHeader.PALETTE ? palette(PngChunks.data(png, "PLTE"), transparency) : null;
    }

    private static IndexColorModel palette(byte[] colors, byte[] transparency) throws IOException {
        int size = colors.length / 3;
        if (size == 0) {
            throw new IOException("the palette is empty");
        }
        // Indexes beyond the palette are black, as in other decoders.
        int[] argb = new int[256];
        for (int i = 0; i < argb.length; i++) {
            int rgb = i < size
                    ? (colors[3 * i] & 0xFF) << 16 | (colors[3 * i + 1] & 0xFF) << 8 | colors[3 * i + 2] & 0xFF
                    : 0;
            argb[i] = (i < transparency.length ? transparency[i] & 0xFF : 0xFF) << 24 | rgb;
        }
        return new IndexColorModel(8, argb.length, argb, 0, transparency.length > 0, -1, 0);
    }

    /** Creates an image for pixels of this kind. Its data is a byte array. */
    BufferedImage createImage(int width, int height) {
        if (palette != null) {
            return new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette);
        }
        return switch (header.bytesPerDecodedPixel()) {
            case 1 -> new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
            case 3 -> RgbImages.create(width, height); // in the order of the file
            default -> new BufferedImage(width, height, BufferedImage.TYPE_4BYTE_ABGR);
        };
    }

    /**
     * Converts a row.
     *
     * @param row the unfiltered row, after the byte that selects its filter
     * @param pixels data of an image of {@link #createImage}
     * @param start index of the first pixel
     */
    void write(byte[] row, byte[] pixels, int start) {
        int depth = header.depth();
        if (depth < 8) {
            unpack(row, pixels, start);
            return;
        }
        int sample = depth / 8; // of 16 bits, only the high byte is kept
        if (header.bytesPerDecodedPixel() == 4) {
            writeWithAlpha(row, sample, pixels, start);
        } else if (sample == 1) {
            System.arraycopy(row, 1, pixels, start, row.length - 1);
        } else {
            for (int from = 1, to = start; from < row.length; from += sample, to++) {
                pixels[to] = row[from];
            }
        }
    }

    private void writeWithAlpha(byte[] row, int sample, byte[] pixels, int start) {
        boolean isGrey = header.channels() < 3;
        int green = isGrey ? 0 : sample;
        int blue = isGrey ? 0 : 2 * sample;
        int pixel = header.channels() * sample;
        for (int from = 1, to = start; from < row.length; from += pixel, to += 4) {
            pixels[to] = header.hasAlphaSamples() ? row[from + pixel - sample] : alpha(row, from, pixel);
            pixels[to + 1] = row[from + blue];
            pixels[to + 2] = row[from + green];
            pixels[to + 3] = row[from];
        }
    }

    private void unpack(byte[] row, byte[] pixels, int start) {
        int depth = header.depth();
        int mask = (1 << depth) - 1;
        int factor = 255 / mask; // scales samples to 8 bits
        int transparentSample = transparency.length > 1 ? transparency[1] & mask : -1;
        int to = start;
        for (int x = 0; x < header.width(); x++) {
            int bit = x * depth;
            int sample = row[1 + bit / 8] >> 8 - depth - bit % 8 & mask;
            if (palette != null) {
                pixels[to++] = (byte) sample;
            } else if (transparency.length == 0) {
                pixels[to++] = (byte) (sample * factor);
            } else {
                pixels[to] = (byte) (sample == transparentSample ? 0 : 0xFF);
                Arrays.fill(pixels, to + 1, to + 4, (byte) (sample * factor));
                to += 4;
            }
        }
    }

    /**
     * Returns 0 for a pixel of the one transparent colour, which is stored with two bytes for each sample, and 255 for
     * others.
     */
    private byte alpha(byte[] row, int from, int length) {
        for (int i = 0; i < length; i++) {
            int expected = header.depth() == 16 ? i : 2 * i + 1;
            if (expected >= transparency.length || row[from + i] != transparency[expected]) {
                return (byte) 0xFF;
            }
        }
        return 0;
    }
}

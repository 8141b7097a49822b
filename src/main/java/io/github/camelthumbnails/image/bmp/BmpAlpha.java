// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Corrects alpha channels that the JDK's BMP reader cannot handle. Converts bitmaps that have alpha in 16-bit
 * pixels to 32-bit pixels, and makes a picture opaque if the alpha of every pixel is zero.
 */
final class BmpAlpha {

    private static final int WIDTH = BmpFile.FILE_HEADER + 4;
    private static final int HEIGHT = BmpFile.FILE_HEADER + 8;
    private static final int PIXELS_LENGTH = BmpFile.FILE_HEADER + 20;

    /** Offset of the bit masks for red, green, blue and alpha. */
    private static final int MASKS_POSITION = BmpFile.FILE_HEADER + 40;

    /** The masks of pixels of 32 bits, as the JDK's reader expects them. */
    private static final int[] STANDARD_MASKS = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};

    private BmpAlpha() {}

    /** Returns whether a bitmap has pixels of 16 bits with alpha. Its header must be long enough for four masks. */
    static boolean has16Bits(ByteBuffer bmp) {
        int compression = bmp.getInt(BmpFile.COMPRESSION);
        return bmp.getShort(BmpFile.DEPTH) == Short.SIZE
                && (compression == BmpFile.MASKS || compression == BmpFile.ALPHA_MASKS)
                && bmp.getInt(MASKS_POSITION + 12) != 0;
    }

    /**
     * Converts a bitmap with pixels of 16 bits to one with pixels of 32 bits.
     *
     * @throws IOException if the file is cut off
     */
    static ByteBuffer with32Bits(ByteBuffer bmp) throws IOException {
        long width = bmp.getInt(WIDTH);
        long height = Math.abs((long) bmp.getInt(HEIGHT));
        long row = (2 * width + 3) / 4 * 4;
        int pixels = bmp.getInt(BmpFile.PIXELS_POSITION);
        int start = BmpFile.FILE_HEADER + BmpFile.V4_HEADER;
        if (width <= 0 || pixels < start || row > bmp.capacity() || row * height > bmp.capacity() - pixels) {
            throw new IOException("the file is cut off");
        }
        int[] masks = new int[4];
        for (int i = 0; i < masks.length; i++) {
            masks[i] = bmp.getInt(MASKS_POSITION + 4 * i) & 0xFFFF;
        }
        int length = Math.toIntExact(4 * width * height);
        ByteBuffer result = ByteBuffer.allocate(start + length).order(ByteOrder.LITTLE_ENDIAN);
        result.put(bmp.array(), 0, start);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = bmp.getShort((int) (pixels + y * row + 2 * x));
                result.putInt(sample(pixel, masks[3]) << 24
                        | sample(pixel, masks[0]) << 16
                        | sample(pixel, masks[1]) << 8
                        | sample(pixel, masks[2]));
            }
        }
        for (int i = 0; i < masks.length; i++) {
            result.putInt(MASKS_POSITION + 4 * i, STANDARD_MASKS[i]);
        }
        return result.putInt(BmpFile.FILE_HEADER, BmpFile.V4_HEADER)
                .putInt(BmpFile.PIXELS_POSITION, start)
                .putShort(BmpFile.DEPTH, (short) Integer.SIZE)
                .putInt(BmpFile.COMPRESSION, BmpFile.MASKS)
                .putInt(PIXELS_LENGTH, length);
    }

    /** Extracts a sample from a pixel and scales it to 8 bits. */
    private static int sample(int pixel, int mask) {
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        int max = mask >>> shift;
        return (((pixel & mask) >>> shift) * 255 + max / 2) / max;
    }

    /**
     * Makes a picture opaque if all of it is transparent, because some programs leave the alpha of all pixels at zero.
     */
    static BufferedImage fillEmptyAlpha(BufferedImage image) {
        WritableRaster alpha = image.getColorModel().hasAlpha() ? image.getAlphaRaster() : null;
        if (alpha == null) {
            return image;
        }
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            alpha.getSamples(0, y, row.length, 1, 0, row);
            if (Arrays.stream(row).anyMatch(value -> value != 0)) {
                return image;
            }
        }
        Arrays.fill(row, (1 << alpha.getSampleModel().getSampleSize(0)) - 1);
        for (int y = 0; y < image.getHeight(); y++) {
            alpha.setSamples(0, y, row.length, 1, 0, row);
        }
        return image;
    }
}

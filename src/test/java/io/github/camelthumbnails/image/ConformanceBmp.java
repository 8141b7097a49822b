// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes BMP files byte by byte: each depth, bottom-up or top-down, with and without alpha. */
final class ConformanceBmp {

    private ConformanceBmp() {}

    /** Writes a picture with a palette and 1, 4 or 8 bits per pixel. */
    static byte[] indexed(int[][] indices, int[] palette, int depth, boolean topDown) {
        ByteBuffer colors = little(4 * palette.length);
        for (int color : palette) {
            colors.putInt(color & 0xFFFFFF);
        }
        byte[][] rows = new byte[indices.length][];
        for (int y = 0; y < rows.length; y++) {
            int[][] pixels = new int[indices[0].length][];
            for (int x = 0; x < pixels.length; x++) {
                pixels[x] = new int[] {indices[y][x]};
            }
            rows[y] = ConformancePng.pack(pixels, depth);
        }
        return file(indices[0].length, depth, 0, palette.length, colors.array(), rows, topDown, 40);
    }

    /** Writes a picture with 16 (5 per sample), 24 or 32 bits per pixel, of which the last 8 are unused. */
    static byte[] direct(BufferedImage image, int depth, boolean topDown) {
        byte[][] rows = new byte[image.getHeight()][];
        for (int y = 0; y < rows.length; y++) {
            ByteBuffer row = little(image.getWidth() * depth / 8);
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y) & 0xFFFFFF;
                switch (depth) {
                    case 16 -> row.putShort((short) (rgb >> 9 & 0x7C00 | rgb >> 6 & 0x3E0 | rgb >> 3 & 0x1F));
                    case 24 -> row.put((byte) rgb).put((byte) (rgb >> 8)).put((byte) (rgb >> 16));
                    default -> row.putInt(rgb);
                }
            }
            rows[y] = row.array();
        }
        return file(image.getWidth(), depth, 0, 0, new byte[0], rows, topDown, 40);
    }

    /** Writes a picture with 32 bits per pixel including alpha, which requires version 4 of the header. */
    static byte[] alpha(BufferedImage image) {
        byte[][] rows = new byte[image.getHeight()][];
        for (int y = 0; y < rows.length; y++) {
            ByteBuffer row = little(image.getWidth() * 4);
            for (int x = 0; x < image.getWidth(); x++) {
                row.putInt(image.getRGB(x, y));
            }
            rows[y] = row.array();
        }
        return file(image.getWidth(), 32, 3, 0, new byte[0], rows, false, 108);
    }

    private static byte[] file(
            int width,
            int depth,
            int compression,
            int colors,
            byte[] palette,
            byte[][] rows,
            boolean topDown,
            int headerLength) {
        int start = 14 + headerLength + palette.length;
        int rowLength = (rows[0].length + 3) / 4 * 4;
        ByteBuffer bmp = little(start + rowLength * rows.length);
        bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(start);
        bmp.putInt(headerLength).putInt(width).putInt(topDown ? -rows.length : rows.length);
        bmp.putShort((short) 1).putShort((short) depth).putInt(compression);
        bmp.putInt(rowLength * rows.length)
                .putInt(2835)
                .putInt(2835)
                .putInt(colors)
                .putInt(0);
        if (headerLength > 40) {
            bmp.putInt(0xFF0000).putInt(0xFF00).putInt(0xFF).putInt(0xFF000000).putInt(0x73524742); // sRGB
        }
        bmp.position(14 + headerLength);
        bmp.put(palette);
        for (int i = 0; i < rows.length; i++) {
            bmp.position(start + i * rowLength);
            bmp.put(rows[topDown ? i : rows.length - 1 - i]);
        }
        return bmp.array();
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}

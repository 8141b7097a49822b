// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.chunk;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * Writes every kind of PNG: each colour type and depth, interlaced or not, with any chunks, using the five filters in
 * turn.
 */
final class ConformancePng {

    static final int GREY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGBA = 6;

    /** The start and the step of each Adam7 pass. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private ConformancePng() {}

    /** Returns the samples of a pixel, in the bit depth of the picture. */
    interface Samples {
        int[] at(int x, int y);
    }

    /** Returns the samples of a picture. Grey samples are taken from the red channel. */
    static Samples samples(BufferedImage image, int colorType, int depth) {
        int most = (1 << depth) - 1;
        return (x, y) -> {
            int argb = image.getRGB(x, y);
            int r = Math.round((argb >> 16 & 0xFF) * most / 255f);
            int g = Math.round((argb >> 8 & 0xFF) * most / 255f);
            int b = Math.round((argb & 0xFF) * most / 255f);
            int a = Math.round((argb >>> 24) * most / 255f);
            return switch (colorType) {
                case GREY -> new int[] {r};
                case RGB -> new int[] {r, g, b};
                case GREY_ALPHA -> new int[] {r, a};
                default -> new int[] {r, g, b, a};
            };
        };
    }

    /** Returns palette indices as samples. */
    static Samples samples(int[][] indices) {
        return (x, y) -> new int[] {indices[y][x]};
    }

    /** Writes a picture with unchanged samples. */
    static byte[] write(BufferedImage image, int colorType, int depth, boolean interlaced, byte[]... chunks) {
        return write(
                image.getWidth(),
                image.getHeight(),
                colorType,
                depth,
                interlaced,
                samples(image, colorType, depth),
                chunks);
    }

    /** Writes a picture with the given chunks before its pixels. */
    static byte[] write(
            int width, int height, int colorType, int depth, boolean interlaced, Samples samples, byte[]... chunks) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) depth).put((byte) colorType).putShort((short) 0).put((byte) (interlaced ? 1 : 0));
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        int filter = 0;
        for (int[] pass : interlaced ? PASSES : ONE_PASS) {
            int columns = (width - pass[0] + pass[2] - 1) / pass[2];
            byte[] above = null;
            for (int y = pass[1]; y < height && columns > 0; y += pass[3]) {
                int[][] pixels = new int[columns][];
                for (int i = 0; i < columns; i++) {
                    pixels[i] = samples.at(pass[0] + i * pass[2], y);
                }
                byte[] row = pack(pixels, depth);
                int pixelBytes = Math.max(1, pixels[0].length * depth / 8);
                rows.write(filter);
                rows.writeBytes(filter(row, above == null ? new byte[row.length] : above, filter, pixelBytes));
                above = row;
                filter = (filter + 1) % 5;
            }
        }
        byte[] png = concat(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'},
                chunk("IHDR", header.array()),
                concat(chunks),
                chunk("IDAT", deflate(rows.toByteArray())),
                chunk("IEND", new byte[0]));
        Pictures.fixChecksums(png);
        return png;
    }

    /** Returns a PLTE chunk, and a tRNS chunk if any colour is not opaque. */
    static byte[] palette(int[] palette) {
        byte[] colors = new byte[3 * palette.length];
        byte[] alphas = new byte[palette.length];
        boolean opaque = true;
        for (int i = 0; i < palette.length; i++) {
            colors[3 * i] = (byte) (palette[i] >> 16);
            colors[3 * i + 1] = (byte) (palette[i] >> 8);
            colors[3 * i + 2] = (byte) palette[i];
            alphas[i] = (byte) (palette[i] >>> 24);
            opaque &= alphas[i] == -1;
        }
        return opaque ? chunk("PLTE", colors) : concat(chunk("PLTE", colors), chunk("tRNS", alphas));
    }

    /** Returns a chunk of 16-bit numbers. */
    static byte[] shorts(String type, int... values) {
        ByteBuffer data = ByteBuffer.allocate(2 * values.length);
        for (int value : values) {
            data.putShort((short) value);
        }
        return chunk(type, data.array());
    }

    /** Returns a chunk of fractions, stored as integers in units of 1/100,000. */
    static byte[] fractions(String type, double... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length);
        for (double value : values) {
            data.putInt((int) Math.round(value * 100_000));
        }
        return chunk(type, data.array());
    }

    /** Returns a chunk with a colour profile. */
    static byte[] profile(byte[] profile) {
        return chunk("iCCP", concat(Pictures.ascii("profile\0\0"), deflate(profile)));
    }

    static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        byte[] buffer = new byte[data.length + 1000];
        int length = deflater.deflate(buffer);
        deflater.end();
        return java.util.Arrays.copyOf(buffer, length);
    }

    /** Packs samples into bytes, the first into the highest bits. */
    static byte[] pack(int[][] pixels, int depth) {
        int count = pixels[0].length;
        byte[] row = new byte[(pixels.length * count * depth + 7) / 8];
        for (int i = 0; i < pixels.length * count; i++) {
            int sample = pixels[i / count][i % count];
            for (int bit = 0; bit < depth; bit++) {
                int place = i * depth + bit;
                row[place / 8] |= (byte) ((sample >> depth - 1 - bit & 1) << 7 - place % 8);
            }
        }
        return row;
    }

    private static byte[] filter(byte[] row, byte[] above, int filter, int pixelBytes) {
        byte[] filtered = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xFF;
            int up = above[i] & 0xFF;
            int corner = i < pixelBytes ? 0 : above[i - pixelBytes] & 0xFF;
            filtered[i] = (byte) (row[i]
                    - switch (filter) {
                        case 1 -> left;
                        case 2 -> up;
                        case 3 -> (left + up) / 2;
                        case 4 -> paeth(left, up, corner);
                        default -> 0;
                    });
        }
        return filtered;
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;

/** Reads and writes images without an alpha channel. Colours are packed in the order in which the source has them. */
final class OpaqueRows implements SampleRows {

    private static final PackedPixels PACKING = new PackedPixels(21, 3, 8, 11);
    private static final int SECOND = PACKING.lane();
    private static final int THIRD = 2 * PACKING.lane();

    private static final byte[] CLAMPED = new byte[PACKING.mask() + 1];

    static {
        for (int i = 0; i < CLAMPED.length; i++) {
            CLAMPED[i] = (byte) Math.max(0, Math.min(i - 2 * PACKING.bias(), 255));
        }
    }

    private final BufferedImage target;
    private final int width;
    private final boolean grey;
    private final int blue; // position of a packed sample
    private final ByteRows in; // null if the rows have to be converted
    private final ArgbRows pixels;
    private final int lastRow;
    private final int[] argb;
    private final byte[] converted;
    private final ByteMeans rowMeans;
    private final ByteRows out;
    private final int[] outArgb;

    OpaqueRows(BufferedImage source, BufferedImage target) {
        this.target = target;
        width = source.getWidth();
        grey = isGrey(source);
        blue = RgbImages.isRgb(source) ? THIRD : 0;
        in = grey || isBgr(source) || RgbImages.isRgb(source) ? new ByteRows(source.getRaster()) : null;
        pixels = in == null ? ArgbRows.of(source) : null;
        lastRow = source.getHeight() - 1;
        argb = new int[in == null ? width : 0];
        converted = new byte[3 * argb.length];
        rowMeans = new ByteMeans(samples() * width);
        out = grey && isGrey(target) || isBgr(target) ? new ByteRows(target.getRaster()) : null;
        outArgb = new int[out == null ? target.getWidth() : 0];
    }

    private static boolean isGrey(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_BYTE_GRAY;
    }

    private static boolean isBgr(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_3BYTE_BGR;
    }

    @Override
    public PackedPixels packing() {
        return PACKING;
    }

    @Override
    public int planes() {
        return 1;
    }

    @Override
    public int samples() {
        return grey ? 1 : 3;
    }

    @Override
    public int fractionBits() {
        return ByteMeans.FRACTION_BITS;
    }

    @Override
    public void read(int y, int rowShift, int columnShift, int[] samples) {
        if (rowShift == 0) {
            ByteMeans.ofColumns(bytes(y), start(y), width, samples(), columnShift, samples);
            return;
        }
        rowMeans.start(rowShift);
        for (int i = y; i < y + (1 << rowShift); i++) {
            int row = Math.min(i, lastRow);
            rowMeans.add(bytes(row), start(row));
        }
        ByteMeans.ofColumns(rowMeans.finish(rowShift), 0, width, samples(), columnShift, samples);
    }

    /** Returns an array that contains a row. */
    private byte[] bytes(int y) {
        if (in != null) {
            return in.data;
        }
        pixels.read(y, argb);
        for (int x = 0, i = 0; x < width; x++, i += 3) {
            converted[i] = (byte) argb[x];
            converted[i + 1] = (byte) (argb[x] >> 8);
            converted[i + 2] = (byte) (argb[x] >> 16);
        }
        return converted;
    }

    private int start(int y) {
        return in == null ? 0 : in.row(y);
    }

    @Override
    public void pack(int[] samples, long[][] pixels) {
        if (grey) {
            for (int x = 0; x < samples.length; x++) {
                pixels[0][x] = samples[x];
            }
        } else {
            packColors(samples, pixels[0]);
        }
    }

    private static void packColors(int[] samples, long[] pixels) {
        for (int x = 0, i = 0; i < samples.length; x++, i += 3) {
            pixels[x] = samples[i] | (long) samples[i + 1] << SECOND | (long) samples[i + 2] << THIRD;
        }
    }

    @Override
    public void write(int y, long[][] weighted) {
        if (out != null && isGrey(target)) {
            writeGrey(weighted[0], out.data, out.row(y));
        } else if (out != null) {
            writeBgr(weighted[0], blue, grey ? 0 : SECOND, grey ? 0 : THIRD - blue, out.data, out.row(y));
        } else {
            for (int x = 0; x < outArgb.length; x++) {
                long pixel = weighted[0][x];
                outArgb[x] = 0xFF000000
                        | (sample(pixel, grey ? 0 : THIRD - blue) & 0xFF) << 16
                        | (sample(pixel, grey ? 0 : SECOND) & 0xFF) << 8
                        | sample(pixel, blue) & 0xFF;
            }
            ArgbRows.write(target, y, outArgb);
        }
    }

    private static void writeGrey(long[] pixels, byte[] out, int start) {
        for (int x = 0; x < pixels.length; x++) {
            out[start + x] = sample(pixels[x], 0);
        }
    }

    private static void writeBgr(long[] pixels, int blue, int green, int red, byte[] out, int start) {
        for (int x = 0, i = start; x < pixels.length; x++, i += 3) {
            long pixel = pixels[x];
            out[i] = sample(pixel, blue);
            out[i + 1] = sample(pixel, green);
            out[i + 2] = sample(pixel, red);
        }
    }

    private static byte sample(long pixel, int lane) {
        return CLAMPED[(int) (pixel >>> lane + PACKING.weightBits()) & PACKING.mask()];
    }
}

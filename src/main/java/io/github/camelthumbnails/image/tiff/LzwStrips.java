// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import io.github.camelthumbnails.image.exif.TiffDirectory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Decompresses the LZW strips of a TIFF, because the reader takes several times as long to do that. Whatever is unusual or wrong, from tiles to a missing byte, is
 * left to the reader.
 */
final class LzwStrips {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int FILL_ORDER = 266;
    private static final int OFFSETS = 273;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int LENGTHS = 279;
    private static final int PLANES = 284;
    private static final int PREDICTOR = 317;

    private static final int NONE = 1;
    private static final int LZW = 5;
    private static final int DIFFERENCES = 2;
    private static final int LONG = 4;

    /** CMYK and alpha. */
    private static final int MAX_SAMPLES = 5;

    /** Greys, RGB, palette and CMYK: each row has all samples of each pixel. */
    private static final Set<Long> PHOTOMETRICS = Set.of(0L, 1L, 2L, 3L, 5L);

    private LzwStrips() {}

    /** Returns whether a page has the compression. */
    static boolean isLzw(byte[] page) {
        return TiffDirectory.find(TiffDirectory.buffer(page), COMPRESSION) == LZW;
    }

    /**
     * Returns a page without compression.
     *
     * @param page as {@link TiffPages#first} returns it
     * @param cancelled whether to give up
     * @return the same page if it is of another kind, or if a strip is not as it should be
     */
    static byte[] decompressed(byte[] page, BooleanSupplier cancelled) {
        ByteBuffer in = TiffDirectory.buffer(page);
        long[] offsets = TiffDirectory.numbers(in, OFFSETS);
        long[] lengths = TiffDirectory.numbers(in, LENGTHS);
        boolean bilevel = TiffDirectory.entry(in, BITS_PER_SAMPLE) < 0;
        long[] bits = bilevel ? new long[] {1} : TiffDirectory.numbers(in, BITS_PER_SAMPLE);
        long width = TiffDirectory.find(in, WIDTH);
        long height = TiffDirectory.find(in, HEIGHT);
        long samples = value(in, SAMPLES_PER_PIXEL, 1);
        long rows = Math.min(height, value(in, ROWS_PER_STRIP, height));
        long predictor = value(in, PREDICTOR, NONE);
        boolean usual = isLzw(page)
                && PHOTOMETRICS.contains(TiffDirectory.find(in, PHOTOMETRIC))
                && value(in, PLANES, 1) == 1
                && value(in, FILL_ORDER, 1) == 1
                && (predictor == NONE || predictor == DIFFERENCES && bits.length > 0 && bits[0] == Byte.SIZE)
                && bits.length == samples
                && samples <= MAX_SAMPLES
                && Arrays.stream(bits).allMatch(each -> each == bits[0] && each <= Short.SIZE)
                && width > 0
                && width < Integer.MAX_VALUE / MAX_SAMPLES
                && rows > 0
                && offsets.length == (height + rows - 1) / rows
                && lengths.length == offsets.length;
        long rowBytes = usual ? (width * samples * bits[0] + 7) / 8 : 0;
        long size = page.length + rowBytes * height;
        if (!usual || size > Integer.MAX_VALUE - 8) {
            return page;
        }
        byte[] result = Arrays.copyOf(page, (int) size);
        LzwDecoder decoder = LzwDecoder.create();
        for (int i = 0; i < offsets.length; i++) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("took too long");
            }
            int start = (int) (page.length + i * rows * rowBytes);
            int end = (int) Math.min(size, start + rows * rowBytes);
            boolean inside = offsets[i] + lengths[i] <= page.length;
            if (!inside || !decoder.decode(page, (int) offsets[i], (int) lengths[i], result, start, end)) {
                return page;
            }
        }
        if (predictor == DIFFERENCES) {
            for (int row = page.length; row < size; row += (int) rowBytes) {
                sumUp(result, row, (int) rowBytes, (int) samples);
            }
        }
        ByteBuffer out = TiffDirectory.buffer(result);
        set(out, PREDICTOR, NONE);
        set(out, COMPRESSION, NONE);
        set(out, OFFSETS, page.length);
        set(out, ROWS_PER_STRIP, height);
        set(out, LENGTHS, size - page.length);
        return result;
    }

    /** Replaces the differences between neighbours in a row by samples. The reader does that only for what is compressed. */
    private static void sumUp(byte[] bytes, int row, int length, int samples) {
        for (int i = row + samples; i < row + length; i++) {
            bytes[i] += bytes[i - samples];
        }
    }

    private static long value(ByteBuffer in, int tag, long otherwise) {
        return TiffDirectory.entry(in, tag) < 0 ? otherwise : TiffDirectory.find(in, tag);
    }

    private static void set(ByteBuffer out, int tag, long value) {
        int entry = TiffDirectory.entry(out, tag);
        if (entry > 0) {
            out.putShort(entry + 2, (short) LONG).putInt(entry + 4, 1).putInt(entry + 8, (int) value);
        }
    }
}

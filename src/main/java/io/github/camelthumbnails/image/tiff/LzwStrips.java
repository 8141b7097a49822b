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
 * Decompresses the LZW strips of a TIFF several times faster than the reader of TwelveMonkeys does. Leaves everything
 * unusual or invalid, such as tiles or truncated strips, to that reader.
 */
final class LzwStrips {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int FILL_ORDER = 266;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int PLANAR_CONFIGURATION = 284;
    private static final int PREDICTOR = 317;

    /** Neither compression nor predictor. */
    private static final int NONE = 1;

    /** The compression LZW. */
    private static final int LZW = 5;

    /** The predictor that stores the difference of each sample to the one before. */
    private static final int HORIZONTAL_DIFFERENCING = 2;

    /** The TIFF type of unsigned 32-bit integers. */
    private static final int TYPE_LONG = 4;

    /** Maximum number of samples per pixel: CMYK and alpha. */
    private static final int MAX_SAMPLES = 5;

    /** Supported colour spaces: grey, RGB, palette and CMYK. Each row of theirs has all samples of each pixel. */
    private static final Set<Long> PHOTOMETRICS = Set.of(0L, 1L, 2L, 3L, 5L);

    private LzwStrips() {}

    /** Returns whether a page is compressed with LZW. */
    static boolean isLzw(byte[] page) {
        return TiffDirectory.find(TiffDirectory.buffer(page), COMPRESSION) == LZW;
    }

    /**
     * Decompresses a page.
     *
     * @param page a TIFF of one page, as {@link TiffPages#extractFirst} returns it
     * @param cancelled returns true once the caller has given up
     * @return a TIFF without compression; the same page if its kind is not supported or if a strip is invalid
     */
    static byte[] decompress(byte[] page, BooleanSupplier cancelled) {
        ByteBuffer in = TiffDirectory.buffer(page);
        long[] offsets = TiffDirectory.numbers(in, STRIP_OFFSETS);
        long[] lengths = TiffDirectory.numbers(in, STRIP_BYTE_COUNTS);
        boolean bilevel = TiffDirectory.entry(in, BITS_PER_SAMPLE) < 0;
        long[] bits = bilevel ? new long[] {1} : TiffDirectory.numbers(in, BITS_PER_SAMPLE);
        long width = TiffDirectory.find(in, WIDTH);
        long height = TiffDirectory.find(in, HEIGHT);
        long samples = valueOrDefault(in, SAMPLES_PER_PIXEL, 1);
        long rows = Math.min(height, valueOrDefault(in, ROWS_PER_STRIP, height));
        long predictor = valueOrDefault(in, PREDICTOR, NONE);
        boolean supported = isLzw(page)
                && PHOTOMETRICS.contains(TiffDirectory.find(in, PHOTOMETRIC))
                && valueOrDefault(in, PLANAR_CONFIGURATION, 1) == 1
                && valueOrDefault(in, FILL_ORDER, 1) == 1
                && (predictor == NONE
                        || predictor == HORIZONTAL_DIFFERENCING && bits.length > 0 && bits[0] == Byte.SIZE)
                && bits.length == samples
                && samples <= MAX_SAMPLES
                && Arrays.stream(bits).allMatch(each -> each == bits[0] && each <= Short.SIZE)
                && width > 0
                && width < Integer.MAX_VALUE / MAX_SAMPLES
                && rows > 0
                && offsets.length == (height + rows - 1) / rows
                && lengths.length == offsets.length;
        long rowBytes = supported ? (width * samples * bits[0] + 7) / 8 : 0;
        long size = page.length + rowBytes * height;
        if (!supported || size > Integer.MAX_VALUE - 8) {
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
        if (predictor == HORIZONTAL_DIFFERENCING) {
            for (int row = page.length; row < size; row += (int) rowBytes) {
                undoPredictor(result, row, (int) rowBytes, (int) samples);
            }
        }
        ByteBuffer out = TiffDirectory.buffer(result);
        set(out, PREDICTOR, NONE);
        set(out, COMPRESSION, NONE);
        set(out, STRIP_OFFSETS, page.length);
        set(out, ROWS_PER_STRIP, height);
        set(out, STRIP_BYTE_COUNTS, size - page.length);
        return result;
    }

    /** Replaces the differences in a row by samples. The reader does so only in compressed files. */
    private static void undoPredictor(byte[] bytes, int row, int length, int samples) {
        for (int i = row + samples; i < row + length; i++) {
            bytes[i] += bytes[i - samples];
        }
    }

    private static long valueOrDefault(ByteBuffer in, int tag, long defaultValue) {
        return TiffDirectory.entry(in, tag) < 0 ? defaultValue : TiffDirectory.find(in, tag);
    }

    private static void set(ByteBuffer out, int tag, long value) {
        int entry = TiffDirectory.entry(out, tag);
        if (entry > 0) {
            out.putShort(entry + 2, (short) TYPE_LONG).putInt(entry + 4, 1).putInt(entry + 8, (int) value);
        }
    }
}

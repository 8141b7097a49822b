// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import com.sun.jna.Memory;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Encodes PNG with 8 bits per sample, in half the time of ImageIO and with smaller files. It chooses a filter for
 * several rows at a time instead of for each row, and uses a low compression level, because higher levels gain little
 * on filtered rows.
 */
final class PngEncoder {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    /** Compression level of the JDK's deflater. */
    private static final int JDK_LEVEL = 2;

    /** Compression level of libdeflate. */
    private static final int LIBDEFLATE_LEVEL = 1;

    private static final int BUFFER_BYTES = 1 << 16;

    /** Number of filters to choose from: none, left, above, and the average of both. */
    private static final int FILTERS = 4;

    /** Number of successive rows that get the filter that is best for the first of them. */
    private static final int ROWS_PER_FILTER = 8;

    /** Average magnitude of filtered bytes above which a row is considered noise. */
    private static final long NOISE_THRESHOLD = 4;

    private final int width;
    private final int height;
    private final int channels;

    private PngEncoder(int width, int height, int channels) {
        this.width = width;
        this.height = height;
        this.channels = channels;
    }

    /**
     * Encodes a picture. Drops the alpha channel if all pixels are opaque.
     *
     * @param image image of {@link BufferedImage#TYPE_BYTE_GRAY}, TYPE_3BYTE_BGR, TYPE_INT_RGB or TYPE_INT_ARGB that
     *     uses its whole buffer
     * @param libdeflate the native library to compress with, if installed
     */
    static byte[] encode(BufferedImage image, Optional<Libdeflate> libdeflate) throws IOException {
        int channels =
                switch (image.getType()) {
                    case BufferedImage.TYPE_BYTE_GRAY -> 1;
                    case BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB -> 3;
                    case BufferedImage.TYPE_INT_ARGB -> isOpaque(image) ? 3 : 4;
                    default -> throw new IOException("cannot write a picture of type " + image.getType());
                };
        return new PngEncoder(image.getWidth(), image.getHeight(), channels).createFile(image, libdeflate);
    }

    private static boolean isOpaque(BufferedImage image) {
        int all = -1;
        for (int argb : ((DataBufferInt) image.getRaster().getDataBuffer()).getData()) {
            all &= argb;
        }
        return all >>> 24 == 0xFF;
    }

    private byte[] createFile(BufferedImage image, Optional<Libdeflate> libdeflate) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8);
        // The other fields are zero: deflate, not interlaced.
        header.put((byte) (channels == 1 ? 0 : channels == 3 ? 2 : 6));
        byte[] ihdr = PngChunks.create("IHDR", header.rewind());
        byte[] idat = PngChunks.create(
                "IDAT", ByteBuffer.wrap(libdeflate.isPresent() ? compress(image, libdeflate.get()) : compress(image)));
        byte[] iend = PngChunks.create("IEND", ByteBuffer.allocate(0));
        return ByteBuffer.allocate(SIGNATURE.length + ihdr.length + idat.length + iend.length)
                .put(SIGNATURE)
                .put(ihdr)
                .put(idat)
                .put(iend)
                .array();
    }

    private byte[] compress(BufferedImage image, Libdeflate libdeflate) throws IOException {
        try (Memory all = new Memory((1L + width * channels) * height)) {
            long[] position = new long[1];
            filter(image, (filtered, isNoise) -> {
                all.write(position[0], filtered, 0, filtered.length);
                position[0] += filtered.length;
            });
            return libdeflate.compress(all, LIBDEFLATE_LEVEL);
        }
    }

    private byte[] compress(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER_BYTES);
        Deflater deflater = new Deflater(JDK_LEVEL);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater, BUFFER_BYTES)) {
            filter(image, (filtered, isNoise) -> {
                // Noise hardly has repetitions, so searching for them is a waste of time.
                deflater.setStrategy(isNoise ? Deflater.HUFFMAN_ONLY : Deflater.DEFAULT_STRATEGY);
                out.write(filtered);
            });
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /** Receives the filtered rows in order. */
    private interface RowConsumer {
        void accept(byte[] row, boolean isNoise) throws IOException;
    }

    private void filter(BufferedImage image, RowConsumer target) throws IOException {
        byte[] row = new byte[width * channels];
        byte[] above = new byte[width * channels];
        byte[] filtered = new byte[1 + width * channels];
        boolean isNoise = false;
        for (int y = 0; y < height; y++) {
            read(image, y, row);
            if (y % ROWS_PER_FILTER == 0) {
                isNoise = chooseFilter(row, above, filtered);
            }
            filter(row, above, filtered);
            target.accept(filtered, isNoise);
            byte[] done = above;
            above = row;
            row = done;
        }
    }

    private void read(BufferedImage image, int y, byte[] row) {
        if (image.getRaster().getDataBuffer() instanceof DataBufferByte bytes) {
            System.arraycopy(bytes.getData(), y * row.length, row, 0, row.length);
            for (int i = 0; channels == 3 && i < row.length; i += 3) {
                byte blue = row[i];
                row[i] = row[i + 2];
                row[i + 2] = blue;
            }
            return;
        }
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        for (int x = 0, to = 0; x < width; x++, to += channels) {
            int argb = pixels[y * width + x];
            row[to] = (byte) (argb >> 16);
            row[to + 1] = (byte) (argb >> 8);
            row[to + 2] = (byte) argb;
            if (channels == 4) {
                row[to + 3] = (byte) (argb >> 24);
            }
        }
    }

    /**
     * Chooses the filter that minimises the sum of absolute differences, the usual heuristic for what compresses best,
     * and stores it in the first byte of {@code filtered}.
     *
     * @return whether the filtered bytes are noise, as in many photos
     */
    private boolean chooseFilter(byte[] row, byte[] above, byte[] filtered) {
        byte best = 0;
        long smallestSum = Long.MAX_VALUE;
        for (byte filter = 0; filter < FILTERS; filter++) {
            filtered[0] = filter;
            filter(row, above, filtered);
            long sum = 0;
            for (int i = 1; i < filtered.length; i++) {
                sum += Math.abs(filtered[i]);
            }
            if (sum < smallestSum) {
                smallestSum = sum;
                best = filter;
            }
        }
        filtered[0] = best;
        return smallestSum > NOISE_THRESHOLD * row.length;
    }

    /** Filters a row with the filter that the first byte of {@code filtered} selects. */
    private void filter(byte[] row, byte[] above, byte[] filtered) {
        switch (filtered[0]) {
            case 0 -> System.arraycopy(row, 0, filtered, 1, row.length);
            case 1 -> {
                System.arraycopy(row, 0, filtered, 1, channels);
                for (int i = channels; i < row.length; i++) {
                    filtered[i + 1] = (byte) (row[i] - row[i - channels]);
                }
            }
            case 2 -> {
                for (int i = 0; i < row.length; i++) {
                    filtered[i + 1] = (byte) (row[i] - above[i]);
                }
            }
            default -> {
                for (int i = 0; i < channels; i++) {
                    filtered[i + 1] = (byte) (row[i] - ((above[i] & 0xFF) >> 1));
                }
                for (int i = channels; i < row.length; i++) {
                    filtered[i + 1] = (byte) (row[i] - ((row[i - channels] & 0xFF) + (above[i] & 0xFF) >> 1));
                }
            }
        }
    }
}

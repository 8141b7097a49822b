// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import io.github.camelthumbnails.image.exif.TiffDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The pages of a TIFF, each of which has a directory. */
final class TiffPages {

    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int EXTRA_SAMPLES = 338;
    private static final int ASSOCIATED_ALPHA = 1;
    private static final int TILE_WIDTH = 322;
    private static final int COMPRESSION = 259;

    /** The tags that say how to decode the pixels. */
    private static final Set<Integer> NEEDED = Arrays.stream(
                    ("256 257 258 259 262 266 273 277 278 279 284 292 293 317 320"
                                    + " 322 323 324 325 332 334 338 339 347 512 513 514 519 520 521 529 530 531 532 34675")
                            .split(" "))
            .map(Integer::valueOf)
            .collect(Collectors.toSet());

    /** Bytes of a value, by type. */
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int MOST_SAMPLES = 64;
    private static final int MOST_TABLES = 4;
    private static final int WIDEST_TILE = 1 << 16;

    private TiffPages() {}

    /**
     * A copy that has no more than the first page and what is needed to decode it. The reader would read all values of all
     * directories before the first pixel, whatever size they claim to have and however often they are the same bytes.
     *
     * @throws IOException if the directory claims what no picture has
     */
    static byte[] first(byte[] tiff) throws IOException {
        ByteBuffer in = TiffDirectory.buffer(tiff.clone());
        int start = in.getInt(4);
        if (start < 0 || start + 2 > tiff.length) {
            throw new IOException("no directory at " + Integer.toUnsignedString(start));
        }
        long values = 0;
        int kept = start + 2;
        int end = (int)
                Math.min(tiff.length, start + 2L + TiffDirectory.entryCount(in, start) * TiffDirectory.ENTRY_BYTES);
        for (int entry = start + 2; entry + TiffDirectory.ENTRY_BYTES <= end; entry += TiffDirectory.ENTRY_BYTES) {
            if (NEEDED.contains(in.getShort(entry) & 0xFFFF)) {
                check(in, entry);
                values += bytes(in, entry);
                in.put(kept, in.array(), entry, TiffDirectory.ENTRY_BYTES);
                kept += TiffDirectory.ENTRY_BYTES;
            }
        }
        if (values > tiff.length) {
            throw new IOException("a directory with " + values + " bytes in a file of " + tiff.length);
        }
        in.putShort(start, (short) ((kept - start - 2) / TiffDirectory.ENTRY_BYTES));
        if (kept + 4 <= tiff.length) {
            in.putInt(kept, 0); // no further page
        }
        return in.array();
    }

    /** Whether the colours are multiplied by alpha. */
    static boolean isPremultiplied(byte[] tiff) {
        return TiffDirectory.find(TiffDirectory.buffer(tiff), EXTRA_SAMPLES) == ASSOCIATED_ALPHA;
    }

    /** The size of the values; 0 if they are not in the file, for then the reader does without. */
    private static long bytes(ByteBuffer in, int entry) {
        int type = in.getShort(entry + 2) & 0xFFFF;
        long bytes = type < SIZES.length ? SIZES[type] * (in.getInt(entry + 4) & 0xFFFFFFFFL) : 0;
        long place = in.getInt(entry + 8) & 0xFFFFFFFFL;
        return place + bytes <= in.capacity() ? bytes : 0;
    }

    /** The reader makes arrays of these sizes. */
    private static void check(ByteBuffer in, int entry) throws IOException {
        int tag = in.getShort(entry) & 0xFFFF;
        long number = TiffDirectory.number(in, entry);
        boolean valid =
                switch (tag) {
                    case SAMPLES_PER_PIXEL -> number > 0 && number <= MOST_SAMPLES;
                    case TILE_WIDTH -> number > 0 && number <= WIDEST_TILE;
                    case 519, 520, 521 -> in.getInt(entry + 4) >= 0 && in.getInt(entry + 4) <= MOST_TABLES;
                    default -> true;
                };
        if (!valid) {
            throw new IOException("tag " + tag + " has a value that no picture has");
        }
        if (tag == COMPRESSION && (number == 6 || number == 7)) {
            refuseProgressive(in.array());
        }
    }

    /** A JPEG inside is declared apart from the page, and if it is progressive, takes memory for all that it declares. */
    private static void refuseProgressive(byte[] tiff) throws IOException {
        for (int i = 0; i + 4 < tiff.length; i++) {
            if (tiff[i] == (byte) 0xFF
                    && (tiff[i + 1] & 0xF3) == 0xC2 // SOF of a progressive one
                    && tiff[i + 2] == 0
                    && (tiff[i + 3] & 0xFF) <= 20
                    && tiff[i + 4] == 8) {
                throw new IOException("progressive JPEG inside a TIFF");
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import io.github.camelthumbnails.image.exif.TiffDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Extracts the first page of a TIFF and checks its directory, so that a crafted file cannot exhaust the memory of the
 * reader.
 */
final class TiffPages {

    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int EXTRA_SAMPLES = 338;
    private static final int ASSOCIATED_ALPHA = 1;
    private static final int TILE_WIDTH = 322;
    private static final int COMPRESSION = 259;

    /** The tags that are needed to decode the pixels. */
    private static final Set<Integer> NEEDED_TAGS = Arrays.stream(
                    ("256 257 258 259 262 266 273 277 278 279 284 292 293 317 320"
                                    + " 322 323 324 325 332 334 338 339 347 512 513 514 519 520 521 529 530 531 532 34675")
                            .split(" "))
            .map(Integer::valueOf)
            .collect(Collectors.toSet());

    /** Bytes of a value, indexed by TIFF type. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int MAX_SAMPLES = 64;

    /** Maximum number of tables of an embedded JPEG. */
    private static final int MAX_TABLES = 4;

    private static final int MAX_TILE_WIDTH = 1 << 16;

    private TiffPages() {}

    /**
     * Copies a TIFF and removes all pages but the first, and all tags that are not needed to decode it. The reader
     * would read all values of all directories before the first pixel, whatever size they claim and even if they
     * overlap.
     *
     * @throws IOException if the directory is broken or contains a value that no valid picture has
     */
    static byte[] extractFirst(byte[] tiff) throws IOException {
        ByteBuffer in = TiffDirectory.buffer(tiff.clone());
        int start = in.getInt(4);
        if (start < 0 || start + 2 > tiff.length) {
            throw new IOException("no directory at offset " + Integer.toUnsignedString(start));
        }
        long values = 0;
        int kept = start + 2;
        int end = (int)
                Math.min(tiff.length, start + 2L + TiffDirectory.entryCount(in, start) * TiffDirectory.ENTRY_BYTES);
        for (int entry = start + 2; entry + TiffDirectory.ENTRY_BYTES <= end; entry += TiffDirectory.ENTRY_BYTES) {
            if (NEEDED_TAGS.contains(in.getShort(entry) & 0xFFFF)) {
                checkEntry(in, entry);
                values += valueBytes(in, entry);
                in.put(kept, in.array(), entry, TiffDirectory.ENTRY_BYTES);
                kept += TiffDirectory.ENTRY_BYTES;
            }
        }
        if (values > tiff.length) {
            throw new IOException(
                    "the directory declares " + values + " bytes of values in a file of " + tiff.length + " bytes");
        }
        in.putShort(start, (short) ((kept - start - 2) / TiffDirectory.ENTRY_BYTES));
        if (kept + 4 <= tiff.length) {
            in.putInt(kept, 0); // ends the list of pages
        }
        return in.array();
    }

    /** Returns whether the colours are premultiplied by alpha. */
    static boolean isPremultiplied(byte[] tiff) {
        return TiffDirectory.find(TiffDirectory.buffer(tiff), EXTRA_SAMPLES) == ASSOCIATED_ALPHA;
    }

    /**
     * Returns the size of the values of an entry. Returns 0 if they lie outside the file, because the reader then
     * ignores them.
     */
    private static long valueBytes(ByteBuffer in, int entry) {
        int type = in.getShort(entry + 2) & 0xFFFF;
        long bytes = type < TYPE_BYTES.length ? TYPE_BYTES[type] * (in.getInt(entry + 4) & 0xFFFFFFFFL) : 0;
        long offset = in.getInt(entry + 8) & 0xFFFFFFFFL;
        return offset + bytes <= in.capacity() ? bytes : 0;
    }

    /** Checks the value of an entry if the reader would allocate arrays of that size. */
    private static void checkEntry(ByteBuffer in, int entry) throws IOException {
        int tag = in.getShort(entry) & 0xFFFF;
        long number = TiffDirectory.number(in, entry);
        boolean valid =
                switch (tag) {
                    case SAMPLES_PER_PIXEL -> number > 0 && number <= MAX_SAMPLES;
                    case TILE_WIDTH -> number > 0 && number <= MAX_TILE_WIDTH;
                    case 519, 520, 521 -> in.getInt(entry + 4) >= 0 && in.getInt(entry + 4) <= MAX_TABLES;
                    default -> true;
                };
        if (!valid) {
            throw new IOException("tag " + tag + " has an invalid value");
        }
        if (tag == COMPRESSION && (number == 6 || number == 7)) {
            rejectProgressiveJpeg(in.array());
        }
    }

    /**
     * Rejects an embedded JPEG that is progressive. It may declare a larger size than the page, and would take memory
     * for all of it.
     */
    private static void rejectProgressiveJpeg(byte[] tiff) throws IOException {
        for (int i = 0; i + 4 < tiff.length; i++) {
            if (tiff[i] == (byte) 0xFF
                    && (tiff[i + 1] & 0xF3) == 0xC2 // start of frame of a progressive JPEG
                    && tiff[i + 2] == 0
                    && (tiff[i + 3] & 0xFF) <= 20
                    && tiff[i + 4] == 8) {
                throw new IOException("the TIFF contains a progressive JPEG");
            }
        }
    }
}

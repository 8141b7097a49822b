// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Recognises bitmaps and rewrites their headers so that the JDK's reader understands them. The reader expects what
 * Windows writes: reserved bytes that are zero, the correct file size, and none of the longer headers of OS/2.
 *
 * <p>A bitmap starts with a file header of 14 bytes. An information header follows, whose first field is its own
 * length.
 */
final class BmpFile {

    private static final Signature SIGNATURE = new Signature("42 4D");

    /** The signature including the reserved bytes, which Windows sets to zero. */
    private static final Signature WINDOWS_SIGNATURE = new Signature("42 4D .. .. .. .. 00 00 00 00");

    /** Length of the file header. */
    static final int FILE_HEADER = 14;

    /** Length of the information header of OS/2 1.x and Windows 2. */
    static final int CORE_HEADER = 12;

    /** Length of the information header of Windows 3. */
    private static final int INFO_HEADER = 40;

    /** Minimum length of the information header of OS/2 2.x, of which a file may omit fields at the end. */
    private static final int MIN_OS2_HEADER = 16;

    /** Length of the whole information header of OS/2 2.x. */
    private static final int MAX_OS2_HEADER = 64;

    /** Length of an information header with three bit masks. */
    private static final int MASKS_HEADER = 52;

    /** Length of an information header with four bit masks. */
    private static final int ALPHA_MASK_HEADER = 56;

    /** Length of the information header of Windows 95. */
    static final int V4_HEADER = 108;

    /** Length of the information header of Windows 98. */
    private static final int V5_HEADER = 124;

    /** Offset of the field with the offset of the pixels. */
    static final int PIXELS_POSITION = 10;

    /** Offset of the field with the bits per pixel. */
    static final int DEPTH = FILE_HEADER + 14;

    /** Offset of the field with the compression. */
    static final int COMPRESSION = FILE_HEADER + 16;

    /** The compression of Windows for uncompressed pixels with three bit masks. */
    static final int MASKS = 3;

    /** The compression of Windows for uncompressed pixels with four bit masks. */
    static final int ALPHA_MASKS = 6;

    /** A compression of OS/2, with the same number as {@link #MASKS}. */
    private static final int HUFFMAN = 3;

    /** Run-length encoding of 24 bits in files of OS/2, JPEG in files of Windows. */
    private static final int RLE_24_OR_JPEG = 4;

    private static final int PNG = 5;

    private BmpFile() {}

    /**
     * Returns whether a file has the headers of a bitmap. Checks more than the initial "BM", with which a text may
     * start, too.
     */
    static boolean isBmp(byte[] file) {
        if (!Signature.matchesAny(file, SIGNATURE)) {
            return false;
        }
        if (file.length < FILE_HEADER + 4) {
            return Signature.matchesAny(file, WINDOWS_SIGNATURE);
        }
        int header = headerLength(buffer(file));
        return header == CORE_HEADER || isWindowsHeader(header) || isOs2Header(header);
    }

    private static boolean isWindowsHeader(int header) {
        return switch (header) {
            case INFO_HEADER, MASKS_HEADER, ALPHA_MASK_HEADER, V4_HEADER, V5_HEADER -> true;
            default -> false;
        };
    }

    private static boolean isOs2Header(int header) {
        return header >= MIN_OS2_HEADER && header <= MAX_OS2_HEADER && header % 4 == 0 && !isWindowsHeader(header);
    }

    private static ByteBuffer buffer(byte[] bmp) {
        return ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int headerLength(ByteBuffer bmp) {
        return bmp.getInt(FILE_HEADER);
    }

    /**
     * Returns the bitmap with headers that the JDK's reader understands. Returns the same file if it already has such
     * headers.
     *
     * @throws UnsupportedImageException if the compression of the pixels is not supported
     * @throws IOException if the file is cut off in its headers
     */
    static byte[] normalize(byte[] bmp) throws IOException {
        if (bmp.length < FILE_HEADER + CORE_HEADER) {
            throw new IOException("the file is cut off in its header");
        }
        ByteBuffer in = buffer(bmp);
        int header = headerLength(in);
        if (bmp.length < FILE_HEADER + (long) header) {
            throw new IOException("the file is cut off in its header");
        }
        checkCompression(in, header);
        if (header == INFO_HEADER && in.getInt(COMPRESSION) == ALPHA_MASKS) {
            return normalize(withMasksInHeader(bmp));
        }
        if (isWindowsHeader(header) && header > INFO_HEADER && hasMeaninglessMasks(in)) {
            return withCorrectSize(withHeaderLength(in, header, INFO_HEADER), bmp);
        }
        // The header of Windows 3, or that of Windows 95 if there are masks, because readers look for them there.
        boolean needsOtherHeader = isOs2Header(header) || header == MASKS_HEADER || header == ALPHA_MASK_HEADER;
        ByteBuffer out =
                needsOtherHeader ? withHeaderLength(in, header, isOs2Header(header) ? INFO_HEADER : V4_HEADER) : in;
        if (isWindowsHeader(header) && header >= ALPHA_MASK_HEADER && BmpAlpha.has16Bits(out)) {
            return withCorrectSize(BmpAlpha.with32Bits(out), bmp);
        }
        return out == in && in.getInt(2) == bmp.length && in.getInt(6) == 0 ? bmp : withCorrectSize(out, bmp);
    }

    /** Sets the file size and clears the reserved bytes of a bitmap. Never modifies the original. */
    private static byte[] withCorrectSize(ByteBuffer bmp, byte[] original) {
        byte[] result = bmp.array() == original ? original.clone() : bmp.array();
        buffer(result).putInt(2, result.length).putInt(6, 0);
        return result;
    }

    /** Extends the information header to include the four bit masks that follow it. */
    private static byte[] withMasksInHeader(byte[] bmp) throws IOException {
        if (bmp.length < FILE_HEADER + ALPHA_MASK_HEADER) {
            throw new IOException("the file is cut off in its header");
        }
        byte[] result = bmp.clone();
        buffer(result).putInt(FILE_HEADER, ALPHA_MASK_HEADER).putInt(COMPRESSION, MASKS);
        return result;
    }

    /**
     * Returns whether the pixels are uncompressed. Their bits then have standard positions, without alpha, whatever the
     * masks say. The JDK's reader would apply the masks anyway.
     */
    private static boolean hasMeaninglessMasks(ByteBuffer bmp) {
        int depth = bmp.getShort(DEPTH);
        return bmp.getInt(COMPRESSION) == 0 && (depth == 16 || depth == 32);
    }

    private static void checkCompression(ByteBuffer bmp, int header) throws UnsupportedImageException {
        if (header == CORE_HEADER || header <= COMPRESSION - FILE_HEADER) {
            return;
        }
        int compression = bmp.getInt(COMPRESSION);
        String name =
                switch (compression) {
                    case RLE_24_OR_JPEG -> isOs2Header(header) ? "RLE of 24 bits" : "JPEG"; // for printers only
                    case PNG -> "PNG";
                    case HUFFMAN -> isOs2Header(header) ? "Huffman" : null;
                    default -> null;
                };
        if (name != null) {
            throw new UnsupportedImageException("The pixels of the BMP have the compression " + name
                    + ", which is not supported. Save the file without compression.");
        }
    }

    /**
     * Copies a bitmap and changes the length of its information header. Drops the fields at its end, or fills new ones
     * with zeros.
     */
    private static ByteBuffer withHeaderLength(ByteBuffer bmp, int header, int target) throws IOException {
        int rest = FILE_HEADER + header;
        int pixels = bmp.getInt(PIXELS_POSITION);
        if (pixels < rest || pixels > bmp.capacity()) {
            throw new IOException(
                    "the header has an invalid offset of the pixels: " + Integer.toUnsignedString(pixels));
        }
        ByteBuffer result =
                ByteBuffer.allocate(bmp.capacity() - header + target).order(ByteOrder.LITTLE_ENDIAN);
        result.put(bmp.array(), 0, FILE_HEADER + Math.min(header, target));
        result.position(FILE_HEADER + target);
        result.put(bmp.array(), rest, bmp.capacity() - rest);
        return result.putInt(FILE_HEADER, target).putInt(PIXELS_POSITION, pixels - header + target);
    }
}

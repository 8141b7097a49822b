// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rewrites the headers of a bitmap so that the JDK's reader understands them. It expects what Windows writes: reserved bytes that are zero,
 * the right size of the file, and none of the longer headers of OS/2.
 *
 * <p>A file header of 14 bytes is followed by an information header, whose first number is its own length.
 */
final class BmpFile {

    private static final Signature SIGNATURE = new Signature("42 4D");

    /** With the reserved bytes, which Windows leaves zero. */
    private static final Signature WINDOWS_SIGNATURE = new Signature("42 4D .. .. .. .. 00 00 00 00");

    static final int FILE_HEADER = 14;

    /** The information header of OS/2 1.x and Windows 2. */
    static final int CORE_HEADER = 12;

    /** The information header of Windows 3. */
    private static final int INFO_HEADER = 40;

    /** OS/2 2.x has up to 64 bytes, of which a file may leave out those at the end. */
    private static final int MIN_OS2_HEADER = 16;

    private static final int MAX_OS2_HEADER = 64;

    /** The information headers with three masks, with four, and those of Windows 95 and 98. */
    private static final int MASKS_HEADER = 52;

    private static final int ALPHA_MASK_HEADER = 56;
    static final int V4_HEADER = 108;
    private static final int V5_HEADER = 124;

    static final int PIXELS_POSITION = 10;
    static final int DEPTH = FILE_HEADER + 14;
    static final int COMPRESSION = FILE_HEADER + 16;

    private static final int RLE_24_OR_JPEG = 4;
    static final int MASKS = 3;
    private static final int HUFFMAN = 3;
    private static final int PNG = 5;
    static final int ALPHA_MASKS = 6;

    private BmpFile() {}

    /** Returns whether a file has the headers of a bitmap. Text may start with "BM", too. */
    static boolean isBmp(byte[] file) {
        if (!Signature.matchesAny(file, SIGNATURE)) {
            return false;
        }
        if (file.length < FILE_HEADER + 4) {
            return Signature.matchesAny(file, WINDOWS_SIGNATURE);
        }
        int header = headerLength(buffer(file));
        return header == CORE_HEADER || isInfo(header) || isOs2(header);
    }

    private static boolean isInfo(int header) {
        return switch (header) {
            case INFO_HEADER, MASKS_HEADER, ALPHA_MASK_HEADER, V4_HEADER, V5_HEADER -> true;
            default -> false;
        };
    }

    private static boolean isOs2(int header) {
        return header >= MIN_OS2_HEADER && header <= MAX_OS2_HEADER && header % 4 == 0 && !isInfo(header);
    }

    private static ByteBuffer buffer(byte[] bmp) {
        return ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int headerLength(ByteBuffer bmp) {
        return bmp.getInt(FILE_HEADER);
    }

    /**
     * Returns the bitmap with headers that the JDK's reader understands: the file itself if it has such headers.
     *
     * @throws UnsupportedImageException if the pixels are packed in a way that no reader here knows
     * @throws IOException if the file is cut off in its headers
     */
    static byte[] readable(byte[] bmp) throws IOException {
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
            return readable(withMasksInHeader(bmp));
        }
        if (isInfo(header) && header > INFO_HEADER && hasMeaninglessMasks(in)) {
            return withRightSize(withOtherHeader(in, header, INFO_HEADER), bmp);
        }
        boolean foreignHeader = isOs2(header) || header == MASKS_HEADER || header == ALPHA_MASK_HEADER;
        ByteBuffer out = foreignHeader ? withOtherHeader(in, header, isOs2(header) ? INFO_HEADER : V4_HEADER) : in;
        if (isInfo(header) && header >= ALPHA_MASK_HEADER && BmpAlpha.has16Bits(out)) {
            return withRightSize(BmpAlpha.with32Bits(out), bmp);
        }
        return out == in && in.getInt(2) == bmp.length && in.getInt(6) == 0 ? bmp : withRightSize(out, bmp);
    }

    private static byte[] withRightSize(ByteBuffer bmp, byte[] original) {
        byte[] result = bmp.array() == original ? original.clone() : bmp.array();
        buffer(result).putInt(2, result.length).putInt(6, 0);
        return result;
    }

    /** Returns a file whose header is so long that it includes the four masks, which follow it. */
    private static byte[] withMasksInHeader(byte[] bmp) throws IOException {
        if (bmp.length < FILE_HEADER + ALPHA_MASK_HEADER) {
            throw new IOException("the file is cut off in its header");
        }
        byte[] result = bmp.clone();
        buffer(result).putInt(FILE_HEADER, ALPHA_MASK_HEADER).putInt(COMPRESSION, MASKS);
        return result;
    }

    /** Pixels without compression have their bits in the usual places, and no alpha. The JDK's reader looks at the masks all the same. */
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
                    case RLE_24_OR_JPEG -> isOs2(header) ? "RLE of 24 bits" : "JPEG"; // for printers only
                    case PNG -> "PNG";
                    case HUFFMAN -> isOs2(header) ? "Huffman" : null;
                    default -> null;
                };
        if (name != null) {
            throw new UnsupportedImageException("The BMP has pixels in the compression " + name
                    + ", which cannot be decoded. Save it without compression.");
        }
    }

    /** Copies a bitmap with another header: that of Windows 3, or of Windows 95 if it has masks, which is where readers look for them. */
    private static ByteBuffer withOtherHeader(ByteBuffer bmp, int header, int target) throws IOException {
        int rest = FILE_HEADER + header;
        int pixels = bmp.getInt(PIXELS_POSITION);
        if (pixels < rest || pixels > bmp.capacity()) {
            throw new IOException("the header says that the pixels begin at byte " + Integer.toUnsignedString(pixels));
        }
        ByteBuffer result =
                ByteBuffer.allocate(bmp.capacity() - header + target).order(ByteOrder.LITTLE_ENDIAN);
        result.put(bmp.array(), 0, FILE_HEADER + Math.min(header, target));
        result.position(FILE_HEADER + target);
        result.put(bmp.array(), rest, bmp.capacity() - rest);
        return result.putInt(FILE_HEADER, target).putInt(PIXELS_POSITION, pixels - header + target);
    }
}

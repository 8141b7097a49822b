// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.io.IOException;

/** Reads single bits and variable-length numbers from HEVC and AV1 bit streams. */
final class BitReader {

    private final byte[] bytes;
    private final int endBit;
    private int bit;

    /**
     * Creates a reader of a range of bytes.
     *
     * @param bytes the array that contains the range
     * @param start index of the first byte
     * @param end index after the last byte
     */
    BitReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.bit = 8 * start;
        this.endBit = 8 * end;
    }

    /** Creates a reader of an HEVC NAL unit, and removes its emulation prevention bytes. */
    static BitReader forHevc(byte[] bytes, int start, int end) {
        byte[] content = new byte[end - start];
        int length = 0;
        int zeros = 0;
        for (int i = start; i < end; i++) {
            if (zeros >= 2 && bytes[i] == 3) {
                zeros = 0;
                continue;
            }
            zeros = bytes[i] == 0 ? zeros + 1 : 0;
            content[length++] = bytes[i];
        }
        return new BitReader(content, 0, length);
    }

    /**
     * Reads an unsigned number.
     *
     * @param length length of the number in bits, at most 32
     */
    long bits(int length) throws IOException {
        long value = 0;
        for (int i = 0; i < length; i++) {
            if (bit >= endBit) {
                throw new IOException("The picture's data is cut off.");
            }
            value = value << 1 | bytes[bit >> 3] >> 7 - (bit & 7) & 1;
            bit++;
        }
        return value;
    }

    boolean flag() throws IOException {
        return bits(1) != 0;
    }

    void skip(int length) throws IOException {
        for (int i = 0; i < length; i++) {
            bits(1);
        }
    }

    /** Reads an unsigned Exp-Golomb code: n zero bits, a one, and n more bits. */
    long exponentialGolomb() throws IOException {
        int zeros = 0;
        while (!flag()) {
            if (++zeros > 32) {
                throw new IOException("The picture's data has a number that is too large.");
            }
        }
        return (1L << zeros) - 1 + bits(zeros);
    }
}

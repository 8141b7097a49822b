// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decodes the LZW compression of TIFF, which has codes of 9 to 12 bits with the most significant bit first. The string
 * of each code has already been written to the output, so the code table holds only its offset and length.
 */
final class LzwDecoder {

    /** The code that clears the table. */
    private static final int CLEAR = 256;

    /** The code that ends a strip. */
    private static final int END = 257;

    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;

    private static final VarHandle FOUR_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final int[] offsets = new int[1 << MAX_BITS];
    private final int[] lengths = new int[1 << MAX_BITS];

    private LzwDecoder() {}

    /** Creates a decoder. It is reusable but not thread-safe. */
    static LzwDecoder create() { // the Camel CLI would call a constructor without parameters that it can see
        return new LzwDecoder();
    }

    /**
     * Decodes a strip.
     *
     * @param in the input
     * @param offset offset of the strip in the input
     * @param length length of the strip in the input
     * @param out the output
     * @param start start of the decoded strip in the output
     * @param end end of the decoded strip in the output
     * @return whether the strip is valid and fills the output from start to end
     */
    boolean decode(byte[] in, int offset, int length, byte[] out, int start, int end) {
        int limit = offset + length;
        int from = offset;
        int to = start;
        long buffer = 0;
        int buffered = 0;
        int bits = MIN_BITS;
        int next = -1; // no code table yet: a strip has to start with a clear code
        int previous = -1;
        while (to < end) {
            if (buffered < bits && from + Integer.BYTES <= limit) {
                buffer = buffer << Integer.SIZE | (int) FOUR_BYTES.get(in, from) & 0xFFFFFFFFL;
                from += Integer.BYTES;
                buffered += Integer.SIZE;
            }
            while (buffered < bits) {
                if (from >= limit) {
                    return false;
                }
                buffer = buffer << Byte.SIZE | in[from++] & 0xFF;
                buffered += Byte.SIZE;
            }
            buffered -= bits;
            int code = (int) (buffer >>> buffered) & (1 << bits) - 1;
            if (code == CLEAR) {
                bits = MIN_BITS;
                next = END + 1;
                previous = -1;
                continue;
            }
            if (next < 0 || code == END || previous < 0 && code > END) {
                return false;
            }
            if (previous >= 0) {
                if (next == 1 << MAX_BITS) {
                    return false;
                }
                offsets[next] = previous; // the previous string and the first byte of this one
                lengths[next] = to - previous + 1;
                next++;
            }
            previous = to;
            if (code < CLEAR) {
                out[to++] = (byte) code;
            } else {
                if (code >= next || lengths[code] > end - to) {
                    return false;
                }
                int source = offsets[code];
                int stop = to + lengths[code];
                if (code < next - 1 && stop + Long.BYTES <= out.length) {
                    // Copying eight bytes at a time is faster than a loop whose length the processor cannot predict.
                    for (; to < stop; to += Long.BYTES, source += Long.BYTES) {
                        EIGHT_BYTES.set(out, to, (long) EIGHT_BYTES.get(out, source));
                    }
                    to = stop;
                } else { // byte by byte, because source and target may overlap
                    while (to < stop) {
                        out[to++] = out[source++];
                    }
                }
            }
            if (next >= (1 << bits) - 1 && bits < MAX_BITS) {
                bits++;
            }
        }
        return true;
    }
}

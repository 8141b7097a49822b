// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decodes LZW as TIFF has it: codes of 9 to 12 bits, the most significant bit first. Each string that a code stands for has been written before, so the table says where in
 * the output it begins, and how long it is.
 */
final class LzwDecoder {

    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;

    private static final VarHandle FOUR_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final int[] places = new int[1 << MAX_BITS];
    private final int[] lengths = new int[1 << MAX_BITS];

    private LzwDecoder() {}

    /** Creates a decoder, which can be used again and again, by one thread at a time. */
    static LzwDecoder create() { // the Camel CLI would call a constructor without parameters that it can see
        return new LzwDecoder();
    }

    /**
     * Decodes a strip.
     *
     * @param offset of the strip in the input
     * @param length of the strip in the input
     * @param start of the strip in the output
     * @param end of the strip in the output
     * @return whether the strip has exactly so many bytes, and nothing in it is against the rules
     */
    boolean decode(byte[] in, int offset, int length, byte[] out, int start, int end) {
        int limit = offset + length;
        int from = offset;
        int to = start;
        long buffer = 0;
        int buffered = 0;
        int bits = MIN_BITS;
        int next = -1; // before the first clear code
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
                places[next] = previous; // the string before, and the first byte of this one
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
                int place = places[code];
                int stop = to + lengths[code];
                if (code < next - 1 && stop + Long.BYTES <= out.length) {
                    // Eight bytes at a time are faster than a loop of a length that the processor cannot foresee.
                    for (; to < stop; to += Long.BYTES, place += Long.BYTES) {
                        EIGHT_BYTES.set(out, to, (long) EIGHT_BYTES.get(out, place));
                    }
                    to = stop;
                } else { // the last byte may be the first one that is written here
                    while (to < stop) {
                        out[to++] = out[place++];
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

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * Computes the checksum CRC-64/NVME, which newer AWS clients use by default. The JDK does not have it, and the AWS SDK
 * has it only in its native library (aws-crt), which is larger than this application.
 */
public final class Crc64Nvme implements Checksum {

    /** The polynomial 0xAD93D23594C93659 with its bits reversed. */
    private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * Lookup tables that process eight bytes in one step: {@code TABLES[n][b]} is the contribution of the byte b when n
     * more bytes follow it.
     */
    private static final long[][] TABLES = tables();

    private long state;

    /** Creates the checksum of an empty input. It is public because the Camel CLI instantiates every class. */
    public Crc64Nvme() {
        reset();
    }

    private static long[][] tables() {
        long[][] tables = new long[Long.BYTES][256];
        for (int value = 0; value < 256; value++) {
            long crc = value;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
            tables[0][value] = crc;
        }
        for (int following = 1; following < Long.BYTES; following++) {
            for (int value = 0; value < 256; value++) {
                long crc = tables[following - 1][value];
                tables[following][value] = crc >>> Byte.SIZE ^ tables[0][(int) crc & 0xFF];
            }
        }
        return tables;
    }

    @Override
    public void update(int value) {
        state = state >>> Byte.SIZE ^ TABLES[0][((int) state ^ value) & 0xFF];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        int position = offset;
        int end = offset + length;
        for (; position <= end - Long.BYTES; position += Long.BYTES) {
            long eight = state ^ (long) LITTLE_ENDIAN_LONG.get(bytes, position);
            state = TABLES[7][(int) eight & 0xFF]
                    ^ TABLES[6][(int) (eight >>> 8) & 0xFF]
                    ^ TABLES[5][(int) (eight >>> 16) & 0xFF]
                    ^ TABLES[4][(int) (eight >>> 24) & 0xFF]
                    ^ TABLES[3][(int) (eight >>> 32) & 0xFF]
                    ^ TABLES[2][(int) (eight >>> 40) & 0xFF]
                    ^ TABLES[1][(int) (eight >>> 48) & 0xFF]
                    ^ TABLES[0][(int) (eight >>> 56)];
        }
        for (; position < end; position++) {
            update(bytes[position]);
        }
    }

    @Override
    public long getValue() {
        return ~state;
    }

    @Override
    public void reset() {
        state = ~0L;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.concat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Ways to damage a file. */
enum Damage {
    FEW_BITS {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            return flip(bytes, 1 + random.nextInt(4), random);
        }
    },
    MANY_BITS {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            return flip(bytes, 1 + bytes.length / (10 + random.nextInt(100)), random);
        }
    },
    HEADER_BITS {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(Math.min(bytes.length, 64))] ^= (byte) (1 << random.nextInt(8));
            }
            return bytes;
        }
    },
    FILLED {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            int start = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, start + 1 + random.nextInt(64));
            int kind = random.nextInt(3);
            for (int i = start; i < end; i++) {
                bytes[i] = (byte) (kind == 0 ? 0 : kind == 1 ? 0xFF : random.nextInt());
            }
            return bytes;
        }
    },
    CUT_OFF {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            return Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
        }
    },
    INSERTED {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            byte[] block = new byte[1 + random.nextInt(200)];
            random.nextBytes(block);
            return insert(bytes, random.nextInt(bytes.length), block);
        }
    },
    DOUBLED {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            int start = random.nextInt(bytes.length);
            byte[] block = Arrays.copyOfRange(bytes, start, start + random.nextInt(bytes.length - start));
            return insert(bytes, random.nextInt(bytes.length), block);
        }
    },
    DELETED {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            int start = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, start + 1 + random.nextInt(200));
            return concat(Arrays.copyOf(bytes, start), Arrays.copyOfRange(bytes, end, bytes.length));
        }
    },
    NUMBER {
        @Override
        byte[] apply(byte[] bytes, Random random) {
            // The important numbers are at the start, except for the directory of a TIFF, which is at the end.
            int range = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 128);
            int position = random.nextInt(range - 4);
            position = random.nextInt(4) == 0 ? bytes.length - 4 - position : position;
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            buffer.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            int value = EXTREMES[random.nextInt(EXTREMES.length)];
            if (random.nextBoolean()) {
                buffer.putInt(position, value);
            } else {
                buffer.putShort(position, (short) value);
            }
            return bytes;
        }
    };

    private static final int[] EXTREMES = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 0x8000, 0xFFFF, 0x7FFF, 0x10000};

    /** Damages a file of more than 16 bytes and returns the result. The given array may be changed. */
    abstract byte[] apply(byte[] bytes, Random random);

    private static byte[] flip(byte[] bytes, int count, Random random) {
        for (int i = 0; i < count; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] insert(byte[] bytes, int position, byte[] block) {
        return concat(Arrays.copyOf(bytes, position), block, Arrays.copyOfRange(bytes, position, bytes.length));
    }
}

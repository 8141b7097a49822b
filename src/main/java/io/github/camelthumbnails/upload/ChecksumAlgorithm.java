// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** The checksum algorithms that S3 supports for the body of a {@code PutObject} request. */
enum ChecksumAlgorithm {
    MD5(16, () -> digest("MD5")),
    SHA1(20, () -> digest("SHA-1")),
    SHA256(32, () -> digest("SHA-256")),
    CRC32(Integer.BYTES, () -> crc(Integer.BYTES, new CRC32())),
    CRC32C(Integer.BYTES, () -> crc(Integer.BYTES, new CRC32C())),
    CRC64NVME(Long.BYTES, () -> crc(Long.BYTES, new Crc64Nvme()));

    static final String HEADER_PREFIX = "x-amz-checksum-";

    /** Lists the {@code x-amz-checksum-*} headers for error messages. MD5 is sent as {@code Content-MD5} instead. */
    static final String HEADERS = HEADER_PREFIX + "crc32, -crc32c, -crc64nvme, -sha1 or -sha256";

    /** A checksum in progress. */
    interface Computation {
        void update(byte[] bytes);

        /** Returns the checksum of all bytes so far. Call it only once. */
        byte[] finish();
    }

    final int length;
    private final Supplier<Computation> start;

    /**
     * @param length the length of a checksum in bytes
     * @param start creates a computation
     */
    ChecksumAlgorithm(int length, Supplier<Computation> start) {
        this.length = length;
        this.start = start;
    }

    /** Returns the algorithm that a header or trailer is named after, or null if there is none. */
    static ChecksumAlgorithm ofHeader(String name) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm != MD5 && algorithm.header().equals(name.toLowerCase(Locale.ROOT))) {
                return algorithm;
            }
        }
        return null;
    }

    private String header() {
        return HEADER_PREFIX + name().toLowerCase(Locale.ROOT);
    }

    Computation start() {
        return start.get();
    }

    private static Computation digest(String name) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has these
        }
        return new Computation() {
            @Override
            public void update(byte[] bytes) {
                digest.update(bytes);
            }

            @Override
            public byte[] finish() {
                return digest.digest();
            }
        };
    }

    private static Computation crc(int length, Checksum crc) {
        return new Computation() {
            @Override
            public void update(byte[] bytes) {
                crc.update(bytes);
            }

            @Override
            public byte[] finish() {
                ByteBuffer value = ByteBuffer.allocate(length);
                return (length == Long.BYTES ? value.putLong(crc.getValue()) : value.putInt((int) crc.getValue()))
                        .array();
            }
        };
    }
}

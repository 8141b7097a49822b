// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/** The checksums of a body, as S3 takes them: its own cannot be asked to, for it sees another encoding of the body. */
final class Checksums {

    private record Announced(String header, MessageDigest digest, byte[] expected) {}

    private final List<Announced> digests = new ArrayList<>();
    private final CRC32 crc32 = new CRC32();
    private final byte[] expectedCrc32;

    /**
     * Reads what is announced.
     *
     * @throws RequestRefusedException if a checksum is not the Base64 of as many bytes as it has
     */
    Checksums(MultiMap headers) throws RequestRefusedException {
        add("Content-MD5", "MD5", headers);
        add("x-amz-checksum-sha256", "SHA-256", headers);
        expectedCrc32 = expected("x-amz-checksum-crc32", Integer.BYTES, headers);
        for (String name : headers.names()) {
            if (name.toLowerCase(Locale.ROOT).matches("x-amz-checksum-(?!sha256$|crc32$|algorithm$).*")) {
                throw RequestRefusedException.badRequest(
                        name + " is not known here: send x-amz-checksum-sha256 or -crc32, or Content-MD5");
            }
        }
    }

    private void add(String header, String algorithm, MultiMap headers) throws RequestRefusedException {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] expected = expected(header, digest.getDigestLength(), headers);
            if (expected != null) {
                digests.add(new Announced(header, digest, expected));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has these
        }
    }

    private static byte[] expected(String header, int bytes, MultiMap headers) throws RequestRefusedException {
        List<String> texts = headers.getAll(header);
        if (texts.isEmpty()) {
            return null;
        }
        String text = String.join(",", texts); // two are no Base64
        try {
            byte[] checksum = Base64.getDecoder().decode(text);
            if (checksum.length == bytes) {
                return checksum;
            }
        } catch (IllegalArgumentException e) {
            // Answered below.
        }
        throw RequestRefusedException.badRequest(header + " is not the Base64 of " + bytes + " bytes");
    }

    void update(Buffer buffer) {
        if (digests.isEmpty() && expectedCrc32 == null) {
            return;
        }
        byte[] bytes = buffer.getBytes();
        digests.forEach(announced -> announced.digest.update(bytes));
        crc32.update(bytes);
    }

    /**
     * Compares, when all has been {@linkplain #update seen}.
     *
     * @throws RequestRefusedException if the body is another one
     */
    void check() throws RequestRefusedException {
        for (Announced announced : digests) {
            compare(announced.header, announced.digest.digest(), announced.expected);
        }
        if (expectedCrc32 != null) {
            byte[] actual = ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) crc32.getValue())
                    .array();
            compare("x-amz-checksum-crc32", actual, expectedCrc32);
        }
    }

    private static void compare(String header, byte[] actual, byte[] expected) throws RequestRefusedException {
        if (!Arrays.equals(actual, expected)) {
            throw RequestRefusedException.badRequest(
                    "The body is not the one that " + header + " was computed of: send it again");
        }
    }
}

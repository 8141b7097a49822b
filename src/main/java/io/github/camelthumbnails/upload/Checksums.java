// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Verifies the checksums of a body that the client sends in headers before the body, or in trailers after it. S3 cannot
 * verify them, because the application may send the body to it in another encoding.
 */
final class Checksums {

    private static final String CONTENT_SHA256 = "x-amz-content-sha256";

    /** An announced checksum. The expected value is null if it is sent in a trailer, which follows the body. */
    private record Announced(String header, ChecksumAlgorithm.Computation actual, byte[] expected) {}

    private final List<Announced> announced = new ArrayList<>();

    /**
     * Reads the announced checksums.
     *
     * @param trailers the names of the trailers that the client has announced, in lower case
     * @throws RequestRefusedException if a checksum is malformed or its algorithm is not supported
     */
    Checksums(MultiMap headers, Iterable<String> trailers) throws RequestRefusedException {
        for (String name : headers.names()) {
            String header = name.toLowerCase(Locale.ROOT);
            String text = String.join(",", headers.getAll(name)); // two values are not valid Base64
            if (header.equals("content-md5")) {
                add("Content-MD5", ChecksumAlgorithm.MD5, text);
            } else if (header.equals(CONTENT_SHA256)) {
                addContentSha256(text);
            } else if (header.startsWith(ChecksumAlgorithm.HEADER_PREFIX)
                    && !header.equals("x-amz-checksum-algorithm")) {
                add(header, algorithm(header), text);
            }
        }
        for (String trailer : trailers) {
            announced.add(new Announced(trailer, algorithm(trailer).start(), null));
        }
    }

    private static ChecksumAlgorithm algorithm(String header) throws RequestRefusedException {
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofHeader(header);
        if (algorithm == null) {
            throw RequestRefusedException.invalidRequest(
                    header + " is not supported. Send " + ChecksumAlgorithm.HEADERS + ", or Content-MD5.");
        }
        return algorithm;
    }

    private void add(String header, ChecksumAlgorithm algorithm, String text) throws RequestRefusedException {
        announced.add(new Announced(header, algorithm.start(), decode(header, algorithm, text)));
    }

    /** Adds the hash that belongs to the signature of a request. It is verified, although the signature is not. */
    private void addContentSha256(String text) throws RequestRefusedException {
        if (text.equals("UNSIGNED-PAYLOAD") || AwsChunkedDecoder.isNamedBy(text)) {
            return;
        }
        if (!text.matches("[0-9A-Fa-f]{64}")) {
            throw RequestRefusedException.badRequest(CONTENT_SHA256 + " is not valid. Send the SHA-256 of the body in"
                    + " hexadecimal digits, UNSIGNED-PAYLOAD, or one of " + AwsChunkedDecoder.CONTENT_SHA256_VALUES
                    + ".");
        }
        announced.add(new Announced(
                CONTENT_SHA256, ChecksumAlgorithm.SHA256.start(), HexFormat.of().parseHex(text)));
    }

    private static byte[] decode(String header, ChecksumAlgorithm algorithm, String text)
            throws RequestRefusedException {
        try {
            byte[] checksum = Base64.getDecoder().decode(text);
            if (checksum.length == algorithm.length) {
                return checksum;
            }
        } catch (IllegalArgumentException e) {
            // Rejected below, like a checksum of the wrong length.
        }
        String detail = header + " is not the Base64 of " + algorithm.length + " bytes. Compute it again.";
        throw algorithm == ChecksumAlgorithm.MD5
                ? RequestRefusedException.invalidDigest(detail)
                : RequestRefusedException.invalidRequest(detail);
    }

    /** Adds the next bytes of the body. */
    void update(Buffer buffer) {
        if (announced.isEmpty()) {
            return;
        }
        byte[] bytes = buffer.getBytes();
        announced.forEach(checksum -> checksum.actual.update(bytes));
    }

    /**
     * Compares the checksums after the whole body was {@linkplain #update added}.
     *
     * @param trailers the trailers that the client has sent, by their names in lower case
     * @throws RequestRefusedException if a checksum differs, or if an announced trailer is malformed or missing
     */
    void check(Map<String, String> trailers) throws RequestRefusedException {
        for (Announced checksum : announced) {
            byte[] expected = checksum.expected == null ? trailer(checksum.header, trailers) : checksum.expected;
            if (!MessageDigest.isEqual(checksum.actual.finish(), expected)) {
                String detail = "The body does not match " + checksum.header + ". Send it again.";
                throw checksum.header.equals(CONTENT_SHA256)
                        ? RequestRefusedException.contentSha256Mismatch(detail)
                        : RequestRefusedException.badDigest(detail);
            }
        }
    }

    private static byte[] trailer(String name, Map<String, String> trailers) throws RequestRefusedException {
        String text = trailers.get(name);
        if (text == null) {
            throw RequestRefusedException.invalidRequest(
                    "x-amz-trailer announces " + name + ", but the body ends without it. Send the trailer.");
        }
        return decode(name, algorithm(name), text);
    }
}

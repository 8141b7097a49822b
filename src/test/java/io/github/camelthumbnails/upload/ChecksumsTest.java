// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumsTest {

    /** The customary input of published check values. */
    private static final String BODY = "123456789";

    private static final String SHA256 = "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225";

    /** Published checksums of this body, in hexadecimal digits. */
    private static final String VALUES = """
            Content-MD5              | 25f9e794323b453885f5181f1b624d0b
            x-amz-checksum-crc32     | cbf43926
            x-amz-checksum-crc32c    | e3069283
            x-amz-checksum-crc64nvme | ae8b14860a799888
            x-amz-checksum-sha1      | f7c3bc1d808e04732adf679965ccc34ca7ae3441
            x-amz-checksum-sha256    | 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225""";

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static void check(MultiMap headers, List<String> announced, Map<String, String> trailers, String... parts)
            throws RequestRefusedException {
        Checksums checksums = new Checksums(headers, announced);
        for (String part : parts) {
            checksums.update(Buffer.buffer(part));
        }
        checksums.check(trailers);
    }

    private static void assertRefused(String code, String detail, MultiMap headers, String body) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> check(headers, List.of(), Map.of(), body))
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.status()).isEqualTo(400))
                .satisfies(e -> assertThat(e.s3Code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = VALUES)
    void checksumInAHeaderIsVerified(String header, String hex) throws Exception {
        MultiMap headers = headers(header, base64(hex));

        check(headers, List.of(), Map.of(), BODY);
        check(headers, List.of(), Map.of(), "1", "", "2345", "6789");
        for (String other : List.of("", "12345678", "1234567890", "123456788", "223456789")) {
            assertRefused("BadDigest", "does not match " + header, headers, other);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = VALUES)
    void everyByteOfAChecksumIsCompared(String header, String hex) {
        byte[] checksum = HexFormat.of().parseHex(hex);
        for (int i = 0; i < checksum.length; i++) {
            byte[] other = checksum.clone();
            other[i] ^= 1;
            assertRefused(
                    "BadDigest", header, headers(header, Base64.getEncoder().encodeToString(other)), BODY);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = VALUES)
    void checksumInATrailerIsVerified(String header, String hex) throws Exception {
        if (header.equals("Content-MD5")) {
            return; // it cannot be a trailer
        }
        check(headers(), List.of(header), Map.of(header, base64(hex)), BODY);
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> check(headers(), List.of(header), Map.of(header, base64(hex)), "other"))
                .satisfies(e -> assertThat(e.s3Code()).isEqualTo("BadDigest"));
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> check(headers(), List.of(header), Map.of(), BODY))
                .withMessageContaining("ends without it")
                .satisfies(e -> assertThat(e.s3Code()).isEqualTo("InvalidRequest"));
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> check(headers(), List.of(header), Map.of(header, "=" + base64(hex)), BODY))
                .withMessageContaining("not the Base64");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = VALUES)
    void malformedChecksumIsRefused(String header, String hex) {
        String code = header.equals("Content-MD5") ? "InvalidDigest" : "InvalidRequest";
        for (String text : List.of("", "!", hex, base64(hex + "00"), base64(hex.substring(2)), base64(hex) + "=")) {
            assertRefused(code, header + " is not the Base64 of " + hex.length() / 2, headers(header, text), BODY);
        }
        assertRefused(code, header, headers(header, base64(hex), header, base64(hex)), BODY);
    }

    @Test
    void allOfSeveralChecksumsAreVerified() throws Exception {
        String crc32 = base64("cbf43926");
        check(
                headers("x-amz-checksum-crc32", crc32, "X-Amz-Checksum-SHA256", base64(SHA256)),
                List.of(),
                Map.of(),
                BODY);

        assertRefused(
                "BadDigest",
                "sha256",
                headers("x-amz-checksum-crc32", crc32, "x-amz-checksum-sha256", base64(SHA256.replace('1', '2'))),
                BODY);
        assertRefused(
                "BadDigest",
                "crc32",
                headers("x-amz-checksum-crc32", base64("00000000"), "x-amz-checksum-sha256", base64(SHA256)),
                BODY);
    }

    @Test
    void contentSha256IsVerified() throws Exception {
        check(headers("x-amz-content-sha256", SHA256), List.of(), Map.of(), BODY);
        check(headers("X-Amz-Content-Sha256", SHA256.toUpperCase(Locale.ROOT)), List.of(), Map.of(), BODY);

        assertRefused("XAmzContentSHA256Mismatch", "does not match", headers("x-amz-content-sha256", SHA256), "other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UNSIGNED-PAYLOAD",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
            })
    void contentSha256WithoutAHashIsAccepted(String value) throws Exception {
        check(headers("x-amz-content-sha256", value), List.of(), Map.of(), BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unsigned", "STREAMING-OTHER", "15e2b0", SHA256 + "00", SHA256 + "," + SHA256})
    void invalidContentSha256IsRefused(String value) {
        assertRefused(null, "x-amz-content-sha256 is not valid", headers("x-amz-content-sha256", value), BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-checksum-md5", "x-amz-checksum-xxhash64", "x-amz-checksum-", "x-amz-checksum-type"})
    void unknownAlgorithmIsRefused(String header) {
        assertRefused("InvalidRequest", header + " is not supported", headers(header, "x"), BODY);
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> new Checksums(headers(), List.of(header)))
                .withMessageContaining("is not supported");
    }

    @Test
    void headerThatNamesTheAlgorithmIsIgnored() throws Exception {
        check(headers("x-amz-checksum-algorithm", "CRC32"), List.of(), Map.of(), BODY);
    }

    @Test
    void crc64MatchesPublishedValues() {
        assertThat(crc64(BODY.getBytes(StandardCharsets.US_ASCII), 0, 9)).isEqualTo(0xAE8B14860A799888L);
        assertThat(crc64(new byte[4096], 0, 4096)).isEqualTo(0x6482D367EB22B64EL);
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 0xFF);
        assertThat(crc64(ones, 0, 4096)).isEqualTo(0xC0DDBA7302ECA3ACL);
        assertThat(crc64(new byte[0], 0, 0)).isZero();
    }

    @Test
    void crc64DoesNotDependOnHowTheInputIsSplit() {
        byte[] bytes = new byte[100];
        new Random(64).nextBytes(bytes);
        for (int offset = 0; offset < 10; offset++) {
            for (int end = offset; end <= bytes.length; end++) {
                Crc64Nvme bytewise = new Crc64Nvme();
                for (int i = offset; i < end; i++) {
                    bytewise.update(bytes[i]);
                }
                assertThat(crc64(bytes, offset, end - offset)).isEqualTo(bytewise.getValue());
            }
        }
    }

    private static long crc64(byte[] bytes, int offset, int length) {
        Crc64Nvme crc = new Crc64Nvme();
        crc.update(1);
        crc.reset();
        crc.update(bytes, offset, length);
        return crc.getValue();
    }
}

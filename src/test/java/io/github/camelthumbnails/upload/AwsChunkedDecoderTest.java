// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsChunkedDecoderTest {

    private static final String CRC32 = "x-amz-checksum-crc32";
    private static final String HASH = "0a0b0c0d0e0f0A0B0C0D0E0F" + "0123456789012345678901234567890123456789";
    private static final String SIGNATURE = ";chunk-signature=" + HASH;

    private static final String BODY = "5\r\nhello\r\n6\r\n world\r\n0\r\n" + CRC32 + ":DUoRhQ==\r\n\r\n";

    private static final String SIGNED_BODY = "00005" + SIGNATURE + "\r\nhello\r\n6" + SIGNATURE + "\r\n world\r\n0"
            + SIGNATURE + "\r\n" + CRC32 + ":DUoRhQ==\r\nx-amz-trailer-signature:" + HASH + "\r\n\r\n";

    private static AwsChunkedDecoder decoder(long length) {
        return new AwsChunkedDecoder(length, Set.of(CRC32));
    }

    private static Buffer buffer(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Decodes a body in parts and checks that it is complete. */
    private static String decode(AwsChunkedDecoder decoder, String... parts) throws RequestRefusedException {
        StringBuilder decoded = new StringBuilder();
        for (String part : parts) {
            decoded.append(decoder.decode(buffer(part)).toString(StandardCharsets.ISO_8859_1));
        }
        decoder.finish();
        return decoded.toString();
    }

    private static void assertRefused(String code, String detail, AwsChunkedDecoder decoder, String... parts) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> decode(decoder, parts))
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.status()).isEqualTo(400))
                .satisfies(e -> assertThat(e.s3Code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {BODY, SIGNED_BODY})
    void bodyIsDecodedWhereverItIsSplit(String body) throws Exception {
        for (int first = 0; first <= body.length(); first++) {
            for (int second = first; second <= body.length(); second++) {
                AwsChunkedDecoder decoder = decoder(11);
                String decoded = decode(
                        decoder, body.substring(0, first), body.substring(first, second), body.substring(second));
                assertThat(decoded).isEqualTo("hello world");
                assertThat(decoder.finish()).containsEntry(CRC32, "DUoRhQ==");
            }
        }
        assertThat(decode(decoder(11), body.split(""))).isEqualTo("hello world");
    }

    @Test
    void bodyWithoutTrailersIsDecoded() throws Exception {
        AwsChunkedDecoder decoder = new AwsChunkedDecoder(3, Set.of());

        assertThat(decode(decoder, "3" + SIGNATURE + "\r\nabc\r\n0" + SIGNATURE + "\r\n\r\n"))
                .isEqualTo("abc");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void dataMayLookLikeFraming() throws Exception {
        String data = "0\r\n\r\n5\r\n\r\n\0\u00ff";

        assertThat(decode(decoder(data.length()), "C\r\n" + data + "\r\n0\r\n\r\n"))
                .isEqualTo(data);
    }

    @Test
    void sizesAreHexadecimal() throws Exception {
        String data = "x".repeat(0xaF);

        assertThat(decode(decoder(0xaF), "aF\r\n" + data + "\r\n00\r\n\r\n")).isEqualTo(data);
    }

    @Test
    void bufferWithinAChunkIsNotCopied() throws Exception {
        AwsChunkedDecoder decoder = decoder(100);
        decoder.decode(buffer("64\r\n"));
        Buffer data = buffer("x".repeat(99));

        assertThat(decoder.decode(data)).isSameAs(data);
        assertThat(decoder.decode(buffer("y\r\n0\r\n\r\n")).toString()).isEqualTo("y");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void trailerNamesAreLowerCaseAndValuesAreStripped() throws Exception {
        AwsChunkedDecoder decoder = decoder(1);

        decode(decoder, "1\r\nx\r\n0\r\nX-Amz-Checksum-CRC32: \t abc \r\n\r\n".replace("\t", " "));

        assertThat(decoder.finish()).isEqualTo(Map.of(CRC32, "abc"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+3",
                "0x3",
                " 3",
                "3 ",
                "",
                "g",
                "3;",
                "3;chunk-signature=",
                "3;chunk-signature=xyz",
                "3;other=1",
                "3;chunk-signature=00;other=1",
                "3\r",
                "FFFFFFFFFFFFFFFF",
                "8000000000000000",
                "0000000000000003"
            })
    void malformedSizeIsRefused(String size) {
        assertRefused("InvalidRequest", "chunk header", decoder(3), size + "\r\nabc\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "7FFFFFFFFFFFFFF", "FFFFFFFFFFFFFFF", "FFFFFFFF", "80000000"})
    void chunkLongerThanTheBodyIsRefused(String size) {
        assertRefused("IncompleteBody", "more than the 3 bytes", decoder(3), size + "\r\nabc\r\n0\r\n\r\n");
    }

    @Test
    void bodyWithADifferentLengthThanAnnouncedIsRefused() {
        assertRefused("IncompleteBody", "more than the 10 bytes", decoder(10), BODY);
        assertRefused("IncompleteBody", "less than the 12 bytes", decoder(12), BODY);
        assertRefused("IncompleteBody", "less than the 3 bytes", decoder(3), "0\r\n\r\n");
    }

    @Test
    void bodyThatEndsEarlyIsRefused() {
        for (int end = 0; end < BODY.length(); end++) {
            assertRefused("IncompleteBody", "before its end mark", decoder(11), BODY.substring(0, end));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1=xyC0C==            | longer than its size",
                "1=x=0C==             | chunk header",
                "1=xC0C==             | longer than its size",
                "1N                   | CR LF",
                "1=x=0N               | CR LF",
                "N                    | CR LF",
                "1=x=0=NN             | CR LF",
                "1=x=0=a:bN           | CR LF",
                "1=x=0===             | bytes follow",
                "1=x=0==x             | bytes follow",
                "1=x=0=other:x==      | does not announce",
                "1=x=0=T:x=T:x==      | twice",
                "1=x=0=T==            | a colon",
                "1=x=0=:x==           | a colon",
                "1=x=0=T :x==         | a colon",
                "1=x=0= T:x==         | a colon",
                "1=x=0=T:xCy==        | a colon",
                "1=x=0=T:é==          | a colon"
            })
    void malformedFramingIsRefused(String body, String detail) {
        String framed = body.strip()
                .replace("=", "\r\n")
                .replace("N", "\n")
                .replace("C", "\r")
                .replace("T", CRC32);

        assertRefused("InvalidRequest", detail, decoder(1), framed);
        assertRefused("InvalidRequest", detail, decoder(1), framed.split(""));
    }

    @Test
    void trailerSignatureWithoutTrailersIsRefused() {
        assertRefused(
                "InvalidRequest",
                "does not announce",
                new AwsChunkedDecoder(1, Set.of()),
                "1\r\nx\r\n0\r\nx-amz-trailer-signature:00\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "'1;chunk-signature='", "'1\r\nx\r\n0\r\n'", "'1\r\nx\r\n0\r\nx-amz-checksum-crc32:'"})
    void tooLongLineIsRefused(String begin) {
        assertRefused("InvalidRequest", "more than 1024 bytes", decoder(1), begin, "0".repeat(1025));
    }

    @Test
    void lineOfMaximumLengthIsAccepted() throws Exception {
        String value = "v".repeat(1024 - CRC32.length() - 3);
        AwsChunkedDecoder decoder = decoder(1);

        decode(decoder, "1\r\nx\r\n0\r\n" + CRC32 + ":" + value + "\r\n\r\n");

        assertThat(decoder.finish()).containsEntry(CRC32, value);
    }

    @Test
    void manyTinySignedChunksAreRefused() {
        AwsChunkedDecoder decoder = decoder(1_000_000);
        String chunk = "1" + SIGNATURE + "\r\nx\r\n";

        assertRefused("InvalidRequest", "too small", decoder, chunk.repeat(200));
    }

    @Test
    void manySmallUnsignedChunksAreAccepted() throws Exception {
        String chunk = "8\r\nabcdefgh\r\n";

        assertThat(decode(decoder(80_000), chunk.repeat(10_000) + "0\r\n\r\n")).hasSize(80_000);
    }

    /** The decoder returns exactly the announced number of bytes, or throws a {@link RequestRefusedException}. */
    @Test
    void mutatedBodiesAreDecodedOrRefused() {
        Random random = new Random(1);
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder body = new StringBuilder(random.nextBoolean() ? BODY : SIGNED_BODY);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                int position = random.nextInt(body.length());
                switch (random.nextInt(3)) {
                    case 0 -> body.deleteCharAt(position);
                    case 1 -> body.insert(position, "0\r\n;:aF\0\u00ff".charAt(random.nextInt(9)));
                    default -> body.setCharAt(position, (char) random.nextInt(256));
                }
            }
            int split = random.nextInt(body.length());
            try {
                assertThat(decode(decoder(11), body.substring(0, split), body.substring(split)))
                        .hasSize(11);
                decoded++;
            } catch (RequestRefusedException e) {
                assertThat(e.status()).isEqualTo(400);
                assertThat(e.s3Code()).isIn("InvalidRequest", "IncompleteBody");
            }
        }
        assertThat(decoded)
                .as("changes of the data, the signatures or the checksum only")
                .isPositive();
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-amz-content-sha256 | STREAMING-UNSIGNED-PAYLOAD-TRAILER         | true",
                "x-amz-content-sha256 | STREAMING-AWS4-HMAC-SHA256-PAYLOAD         | true",
                "x-amz-content-sha256 | STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER | true",
                "x-amz-content-sha256 | STREAMING-OTHER                            | false",
                "x-amz-content-sha256 | UNSIGNED-PAYLOAD                           | false",
                "Content-Encoding     | aws-chunked                                | true",
                "Content-Encoding     | gzip, AWS-Chunked                          | true",
                "Content-Encoding     | aws-chunked,gzip                           | true",
                "Content-Encoding     | gzip                                       | false",
                "X-Other              | aws-chunked                                | false"
            })
    void encodingIsDetectedFromTheHeaders(String name, String value, boolean chunked) {
        assertThat(AwsChunkedDecoder.isNeeded(headers(name, value))).isEqualTo(chunked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER |             | a      |",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER | aws-chunked | A , b  |",
                "UNSIGNED-PAYLOAD                   | aws-chunked | a      |",
                "UNSIGNED-PAYLOAD                   |             |        |",
                "                                   | aws-chunked | a      |",
                "                                   | aws-chunked |        |",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD | aws-chunked |        |",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER | aws-chunked |        | names none",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD | aws-chunked | a      | sent without",
                "                                   |             | a      | sent without",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER |             | a,b,A  | twice"
            })
    void announcedTrailersMustFitTheEncoding(String contentSha256, String encoding, String trailers, String refusal)
            throws Exception {
        MultiMap headers = headers();
        if (contentSha256 != null) {
            headers.add("x-amz-content-sha256", contentSha256);
        }
        if (encoding != null) {
            headers.add("Content-Encoding", encoding);
        }
        if (trailers != null) {
            headers.add("x-amz-trailer", trailers);
        }

        if (refusal == null) {
            assertThat(AwsChunkedDecoder.announcedTrailers(headers))
                    .isEqualTo(trailers == null ? Set.of() : trailers.equals("a") ? Set.of("a") : Set.of("a", "b"));
        } else {
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> AwsChunkedDecoder.announcedTrailers(headers))
                    .withMessageContaining(refusal)
                    .satisfies(e -> assertThat(e.s3Code()).isEqualTo("InvalidRequest"));
        }
    }

    @Test
    void repeatedDecodedLengthsAreJoined() {
        assertThat(AwsChunkedDecoder.decodedLength(headers())).isNull();
        assertThat(AwsChunkedDecoder.decodedLength(headers("x-amz-decoded-content-length", "5")))
                .isEqualTo("5");
        assertThat(AwsChunkedDecoder.decodedLength(
                        headers("x-amz-decoded-content-length", "5", "X-Amz-Decoded-Content-Length", "5")))
                .isEqualTo("5,5");
    }
}

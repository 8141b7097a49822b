// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes a body in the {@code aws-chunked} encoding, which AWS SDKs use to send a checksum after the body. An example:
 *
 * <pre>
 * 5;chunk-signature=...     the size of a chunk in hexadecimal digits, and its signature if the client signs chunks
 * hello                     the data
 * 0                         no more data
 * x-amz-checksum-crc32:...  trailers
 *                           an empty line
 * </pre>
 *
 * <p>The framing is checked strictly. Signatures are not checked. The decoder buffers at most one line and reads each
 * byte once.
 */
final class AwsChunkedDecoder {

    /** Values of {@code x-amz-content-sha256} that announce this encoding. */
    static final List<String> CONTENT_SHA256_VALUES = List.of(
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER");

    /** The name of the encoding in {@code Content-Encoding}. */
    static final String ENCODING = "aws-chunked";

    private static final String DECODED_LENGTH = "x-amz-decoded-content-length";
    private static final String TRAILER = "x-amz-trailer";

    /** The trailer that signs the other trailers. It need not be announced. */
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    /** Maximum length of a line. One with a signature has about 170 bytes. */
    private static final int MAX_LINE_BYTES = 1024;

    /**
     * Maximum number of framing bytes in excess of the data bytes. Clients send chunks of at least 8 KiB, except for
     * the last one.
     */
    private static final int MAX_EXCESS_FRAMING_BYTES = 16 * 1024;

    /** Header of a chunk. A size of up to 15 digits fits into a long. ECDSA signatures are padded with asterisks. */
    private static final Pattern CHUNK =
            Pattern.compile("(?<size>[0-9A-Fa-f]{1,15})(;chunk-signature=[0-9A-Fa-f]+\\**)?");

    private static final Pattern TRAILER_LINE = Pattern.compile("(?<name>[A-Za-z0-9-]+):(?<value>[\\x20-\\x7E]*)");

    private enum State {
        CHUNK,
        DATA,
        END_OF_DATA,
        TRAILERS,
        COMPLETE
    }

    private final long length;
    private final Set<String> announced;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private State state = State.CHUNK;
    private int lineLength;
    private long chunkRemaining;
    private long dataBytes;
    private long framingBytes;

    /**
     * @param length length of the decoded body, greater than zero
     * @param announced names of the announced trailers, in lower case; any other trailer is rejected
     */
    AwsChunkedDecoder(long length, Set<String> announced) {
        this.length = length;
        this.announced = announced;
    }

    /** Returns whether a value of {@code x-amz-content-sha256} announces this encoding. */
    static boolean isNamedBy(String contentSha256) {
        return contentSha256 != null && CONTENT_SHA256_VALUES.contains(contentSha256);
    }

    /** Returns whether the request headers announce this encoding. */
    static boolean isNeeded(MultiMap headers) {
        return isNamedBy(headers.get("x-amz-content-sha256"))
                || contentEncodings(headers).contains(ENCODING);
    }

    /** Returns the encodings of the body in lower case, in the order in which they were applied. */
    static List<String> contentEncodings(MultiMap headers) {
        return list(headers, "Content-Encoding");
    }

    /** Returns the header {@code x-amz-decoded-content-length}, or null if it is missing. */
    static String decodedLength(MultiMap headers) {
        List<String> values = headers.getAll(DECODED_LENGTH);
        return values.isEmpty() ? null : String.join(",", values); // two values do not parse as a number
    }

    /**
     * Returns the announced trailer names in lower case.
     *
     * @throws RequestRefusedException if trailers are announced but the encoding has none, or the encoding requires
     *     trailers but none are announced, or one is announced twice
     */
    static Set<String> announcedTrailers(MultiMap headers) throws RequestRefusedException {
        List<String> names = list(headers, TRAILER);
        Set<String> announced = Set.copyOf(names);
        String contentSha256 = headers.get("x-amz-content-sha256");
        boolean required = isNamedBy(contentSha256) && contentSha256.endsWith("-TRAILER");
        boolean allowed = isNamedBy(contentSha256) ? required : isNeeded(headers);
        if (required && announced.isEmpty()) {
            throw RequestRefusedException.invalidRequest("x-amz-content-sha256 says that trailers follow the body, but "
                    + TRAILER + " names none. Name them.");
        }
        if (!allowed && !announced.isEmpty()) {
            throw RequestRefusedException.invalidRequest(TRAILER
                    + " names trailers, but the body is sent without them. Use x-amz-content-sha256: "
                    + CONTENT_SHA256_VALUES.get(0) + ".");
        }
        if (announced.size() < names.size()) {
            throw RequestRefusedException.invalidRequest(TRAILER + " names a trailer twice. Name it once.");
        }
        return announced;
    }

    private static List<String> list(MultiMap headers, String name) {
        List<String> items = new ArrayList<>();
        for (String value : headers.getAll(name)) {
            Arrays.stream(value.toLowerCase(Locale.ROOT).split(","))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .forEach(items::add);
        }
        return items;
    }

    /**
     * Decodes the next part of the body.
     *
     * @return the decoded data, which can be empty
     * @throws RequestRefusedException if the framing is malformed or the data is longer than announced
     */
    Buffer decode(Buffer encoded) throws RequestRefusedException {
        if (state == State.DATA && encoded.length() <= chunkRemaining) {
            countData(encoded.length());
            return encoded;
        }
        Buffer decoded = Buffer.buffer();
        int position = 0;
        while (position < encoded.length()) {
            if (state == State.DATA) {
                int dataLength = (int) Math.min(chunkRemaining, encoded.length() - position);
                decoded.appendBuffer(encoded, position, dataLength);
                countData(dataLength);
                position += dataLength;
            } else {
                readFraming(encoded.getByte(position++));
            }
        }
        return decoded;
    }

    /**
     * Returns the trailers by their names in lower case, after the whole body was {@linkplain #decode decoded}.
     *
     * @throws RequestRefusedException if the body is not complete
     */
    Map<String, String> finish() throws RequestRefusedException {
        if (state != State.COMPLETE) {
            throw RequestRefusedException.incompleteBody("The aws-chunked body ended after " + dataBytes + " of "
                    + length + " bytes (" + DECODED_LENGTH + ") and before its end mark. Send all of it.");
        }
        return trailers;
    }

    private void countData(int bytes) {
        dataBytes += bytes;
        chunkRemaining -= bytes;
        if (chunkRemaining == 0) {
            state = State.END_OF_DATA;
        }
    }

    private void readFraming(byte next) throws RequestRefusedException {
        framingBytes++;
        if (state == State.COMPLETE) {
            throw malformed("bytes follow its end mark");
        } else if (framingBytes - dataBytes > MAX_EXCESS_FRAMING_BYTES) {
            throw malformed("its chunks are too small");
        } else if (lineLength == MAX_LINE_BYTES) {
            throw malformed("a chunk header or trailer has more than " + MAX_LINE_BYTES + " bytes");
        }
        line[lineLength++] = next;
        if (next == '\n') {
            if (lineLength < 2 || line[lineLength - 2] != '\r') {
                throw malformed("a line does not end with CR LF");
            }
            String text = new String(line, 0, lineLength - 2, StandardCharsets.ISO_8859_1);
            lineLength = 0;
            readLine(text);
        } else if (state == State.END_OF_DATA && (lineLength > 1 || next != '\r')) {
            throw malformed("a chunk is longer than its size");
        }
    }

    private void readLine(String text) throws RequestRefusedException {
        switch (state) {
            case CHUNK -> startChunk(text);
            case END_OF_DATA -> state = State.CHUNK;
            default -> addTrailer(text);
        }
    }

    private void startChunk(String text) throws RequestRefusedException {
        Matcher chunk = CHUNK.matcher(text);
        if (!chunk.matches()) {
            throw malformed("a chunk header is not a size in hexadecimal digits, with or without a chunk-signature");
        }
        chunkRemaining = Long.parseLong(chunk.group("size"), 16);
        if (chunkRemaining > length - dataBytes || chunkRemaining == 0 && dataBytes < length) {
            throw RequestRefusedException.incompleteBody(
                    "The chunks hold " + (chunkRemaining == 0 ? "less" : "more") + " than the " + length
                            + " bytes that " + DECODED_LENGTH + " announces. Send the length of the data.");
        }
        state = chunkRemaining == 0 ? State.TRAILERS : State.DATA;
    }

    private void addTrailer(String text) throws RequestRefusedException {
        if (text.isEmpty()) {
            state = State.COMPLETE;
            return;
        }
        Matcher trailer = TRAILER_LINE.matcher(text);
        if (!trailer.matches()) {
            throw malformed("a trailer is not a name, a colon and a value");
        }
        String name = trailer.group("name").toLowerCase(Locale.ROOT);
        if (!announced.contains(name) && !(name.equals(TRAILER_SIGNATURE) && !announced.isEmpty())) {
            throw malformed("it has a trailer that " + TRAILER + " does not announce");
        }
        if (trailers.put(name, trailer.group("value").strip()) != null) {
            throw malformed("it has a trailer twice");
        }
    }

    private static RequestRefusedException malformed(String problem) {
        return RequestRefusedException.invalidRequest("The aws-chunked body is malformed: " + problem
                + ". Use an AWS SDK, or send the body without this encoding.");
    }
}

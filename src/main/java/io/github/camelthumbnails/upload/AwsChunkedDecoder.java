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
 * Decodes a body in the encoding {@code aws-chunked}, in which AWS SDKs send a body whose checksum follows it:
 *
 * <pre>
 * 5;chunk-signature=...     the size of a chunk in hexadecimal digits, and its signature if the client signs chunks
 * hello                     the data
 * 0                         no more data
 * x-amz-checksum-crc32:...  trailers
 *                           an empty line
 * </pre>
 *
 * <p>The framing is checked strictly, signatures are not checked. Memory is bounded by the length of a line, and each byte is looked at once.
 */
final class AwsChunkedDecoder {

    /** The values of {@code x-amz-content-sha256} that say that the body is in this encoding. */
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

    /** Belongs to signed trailers, and need not be announced. */
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    /** A line with a signature has some 170 bytes. */
    private static final int MAX_LINE_BYTES = 1024;

    /** Framing may exceed the data by this much. Clients send chunks of at least 8 KiB, but for the last one. */
    private static final int MAX_EXCESS_FRAMING_BYTES = 16 * 1024;

    /** A size of up to 15 digits fits into a long. ECDSA signatures are padded with asterisks. */
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
    private long chunkRest;
    private long dataBytes;
    private long framingBytes;

    /**
     * @param length of the decoded body, greater than zero
     * @param announced the names of the trailers that have to follow it, in lower case
     */
    AwsChunkedDecoder(long length, Set<String> announced) {
        this.length = length;
        this.announced = announced;
    }

    /** Returns whether a value of {@code x-amz-content-sha256} says that the body is in this encoding. */
    static boolean isNamedBy(String contentSha256) {
        return contentSha256 != null && CONTENT_SHA256_VALUES.contains(contentSha256);
    }

    /** Returns whether the headers say that the body is in this encoding. */
    static boolean isNeeded(MultiMap headers) {
        return isNamedBy(headers.get("x-amz-content-sha256"))
                || contentEncodings(headers).contains(ENCODING);
    }

    /** Returns the encodings of a body, in lower case, in the order of their application. */
    static List<String> contentEncodings(MultiMap headers) {
        return list(headers, "Content-Encoding");
    }

    /** Returns the value of the header that has the length of the decoded body, or null if there is none. */
    static String decodedLength(MultiMap headers) {
        List<String> values = headers.getAll(DECODED_LENGTH);
        return values.isEmpty() ? null : String.join(",", values); // two values are not a number
    }

    /**
     * Returns the names of the trailers that are announced, in lower case.
     *
     * @throws RequestRefusedException if there are trailers without the encoding that can carry them, or the encoding promises trailers
     *     and none are announced
     */
    static Set<String> announcedTrailers(MultiMap headers) throws RequestRefusedException {
        List<String> names = list(headers, TRAILER);
        Set<String> announced = Set.copyOf(names);
        String contentSha256 = headers.get("x-amz-content-sha256");
        boolean promised = isNamedBy(contentSha256) && contentSha256.endsWith("-TRAILER");
        boolean possible = isNamedBy(contentSha256) ? promised : isNeeded(headers);
        if (promised && announced.isEmpty()) {
            throw RequestRefusedException.invalidRequest("x-amz-content-sha256 says that trailers follow the body, but "
                    + TRAILER + " names none. Name them.");
        }
        if (!possible && !announced.isEmpty()) {
            throw RequestRefusedException.invalidRequest(TRAILER
                    + " names trailers, but the body is sent without. Use x-amz-content-sha256: "
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
     * @return the data in it, which can be empty
     * @throws RequestRefusedException if the framing is malformed or the data is longer than announced
     */
    Buffer decode(Buffer encoded) throws RequestRefusedException {
        if (state == State.DATA && encoded.length() <= chunkRest) {
            data(encoded.length());
            return encoded;
        }
        Buffer decoded = Buffer.buffer();
        int position = 0;
        while (position < encoded.length()) {
            if (state == State.DATA) {
                int some = (int) Math.min(chunkRest, encoded.length() - position);
                decoded.appendBuffer(encoded, position, some);
                data(some);
                position += some;
            } else {
                framing(encoded.getByte(position++));
            }
        }
        return decoded;
    }

    /**
     * Returns the trailers by their names in lower case, after all parts of the body were {@linkplain #decode decoded}.
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

    private void data(int bytes) {
        dataBytes += bytes;
        chunkRest -= bytes;
        if (chunkRest == 0) {
            state = State.END_OF_DATA;
        }
    }

    private void framing(byte next) throws RequestRefusedException {
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
            line(text);
        } else if (state == State.END_OF_DATA && (lineLength > 1 || next != '\r')) {
            throw malformed("a chunk is longer than its size");
        }
    }

    private void line(String text) throws RequestRefusedException {
        switch (state) {
            case CHUNK -> chunk(text);
            case END_OF_DATA -> state = State.CHUNK;
            default -> trailer(text);
        }
    }

    private void chunk(String text) throws RequestRefusedException {
        Matcher chunk = CHUNK.matcher(text);
        if (!chunk.matches()) {
            throw malformed("a chunk header is not a size in hexadecimal digits, with or without a chunk-signature");
        }
        chunkRest = Long.parseLong(chunk.group("size"), 16);
        if (chunkRest > length - dataBytes || chunkRest == 0 && dataBytes < length) {
            throw RequestRefusedException.incompleteBody(
                    "The chunks hold " + (chunkRest == 0 ? "less" : "more") + " than the " + length + " bytes that "
                            + DECODED_LENGTH + " announces. Send the length of the data.");
        }
        state = chunkRest == 0 ? State.TRAILERS : State.DATA;
    }

    private void trailer(String text) throws RequestRefusedException {
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

    private static RequestRefusedException malformed(String what) {
        return RequestRefusedException.invalidRequest("The aws-chunked body is malformed: " + what
                + ". Use an AWS SDK, or send the body without this encoding.");
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Takes the object key from the address of an upload, {@code /{stage}/{bucket}/{key}}, and puts it into the exchange property
 * {@code objectKey}. It reads the request line as the client sent it: the path that the HTTP server offers has lost {@code //}
 * and {@code ..}, and its path parameters can be overwritten by a query string or a header of the same name.
 */
public final class UploadAddress implements Processor {

    /** S3 takes keys of up to 1,024 bytes; the thumbnail's key is eight bytes longer than the original's. */
    static final int MAX_KEY_BYTES = 1024 - "resized-".length();

    private static final String EXPECTED = "Expected PUT /{stage}/{bucket}/{key}";

    private final String stage;
    private final String bucket;

    /**
     * @param stage the only stage to accept
     * @param bucket the only bucket to accept
     */
    public UploadAddress(String stage, String bucket) {
        this.stage = stage;
        this.bucket = bucket;
    }

    @Override
    public void process(Exchange exchange) throws UploadRefusedException {
        exchange.setProperty("objectKey", key(exchange.getMessage().getHeader(Exchange.HTTP_URI, String.class)));
    }

    /**
     * Reads the key.
     *
     * @param uri the request target as it was sent: path and query, percent-encoded
     * @return the decoded key
     * @throws UploadRefusedException if the stage or bucket is another one or the key cannot be stored exactly as sent
     */
    String key(String uri) throws UploadRefusedException {
        String[] parts = uri.replaceFirst("\\?.*", "").split("/", 4);
        if (parts.length < 3 || !parts[0].isEmpty()) {
            throw UploadRefusedException.badRequest(EXPECTED + ": the bucket is missing");
        }
        if (!decode(parts[1]).equals(stage)) {
            throw UploadRefusedException.notFound(EXPECTED + " with the stage " + stage);
        }
        if (!decode(parts[2]).equals(bucket)) {
            throw UploadRefusedException.forbidden(EXPECTED + " with the bucket " + bucket);
        }
        if (parts.length < 4 || parts[3].isEmpty()) {
            throw UploadRefusedException.badRequest(EXPECTED + ": the key is missing");
        }
        String key = decode(parts[3]);
        if (key.codePoints().anyMatch(UploadAddress::isUnprintable)) {
            throw UploadRefusedException.badRequest("The key holds a control character: leave it out");
        }
        // Legal in S3, but browsers and many clients rewrite such a path, so the object could not be fetched again.
        if (Arrays.stream(key.split("/")).anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            throw UploadRefusedException.badRequest("The key holds a '.' or '..' segment: leave it out");
        }
        int length = key.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_KEY_BYTES) {
            throw UploadRefusedException.badRequest("The key has " + length + " bytes: shorten it to " + MAX_KEY_BYTES
                    + " (1024 in S3, less the prefix of the thumbnail's key)");
        }
        return key;
    }

    /** Percent-decodes strictly. A plus is a plus: it means a space only in forms and in S3 events. */
    private static String decode(String encoded) throws UploadRefusedException {
        if (!encoded.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '#')) {
            throw UploadRefusedException.badRequest(
                    "The path holds a raw space, '#' or non-ASCII character: percent-encode it");
        }
        try {
            String decoded = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') < 0) { // what Java puts in the place of bytes that are no UTF-8
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // A lone or cut-off percent sign: answered below.
        }
        throw UploadRefusedException.badRequest("The path is not percent-encoded UTF-8");
    }

    /** Characters that XML, and so an S3 listing or an SQS message, cannot carry, and the other control characters. */
    private static boolean isUnprintable(int character) {
        return Character.isISOControl(character) || character == 0xFFFE || character == 0xFFFF;
    }
}

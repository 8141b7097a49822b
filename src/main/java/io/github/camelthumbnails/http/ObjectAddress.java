// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Takes bucket and object key from the address of a request, {@code /{stage}/{bucket}/{key}}, and puts them into the exchange
 * properties {@code bucket} and {@code objectKey}. It reads the request line as the client sent it: the path that the HTTP server offers has lost {@code //}
 * and {@code ..}, and its path parameters can be overwritten by a query string or a header of the same name.
 */
public final class ObjectAddress implements Processor {

    /** S3 takes keys of up to 1,024 bytes. */
    public static final int MAX_KEY_BYTES = 1024;

    /** The thumbnail's key is eight bytes longer than the original's. */
    public static final int MAX_ORIGINAL_KEY_BYTES = MAX_KEY_BYTES - "resized-".length();

    private static final String EXPECTED = "Expected /{stage}/{bucket}/{key}";

    private final String stage;
    private final int maxKeyBytes;
    private final Set<String> buckets;

    /**
     * @param stage the only stage to accept
     * @param maxKeyBytes how long a key may be, in bytes of UTF-8
     * @param buckets the only buckets to accept
     */
    public ObjectAddress(String stage, int maxKeyBytes, String... buckets) {
        this.stage = stage;
        this.maxKeyBytes = maxKeyBytes;
        this.buckets = new TreeSet<>(List.of(buckets));
    }

    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        S3Object object =
                read(exchange.getProperty("request", HttpServerRequest.class).uri());
        exchange.setProperty("bucket", object.bucket);
        exchange.setProperty("objectKey", object.key);
    }

    /** Bucket and key, decoded. */
    record S3Object(String bucket, String key) {}

    /**
     * Reads bucket and key.
     *
     * @param uri the request target as it was sent: path and query, percent-encoded, perhaps after scheme and host
     * @throws RequestRefusedException if the stage or bucket is another one or the key cannot be stored exactly as sent
     */
    S3Object read(String uri) throws RequestRefusedException {
        String[] parts = pathOf(uri).split("/", 4);
        if (parts.length < 3 || !parts[0].isEmpty()) {
            throw RequestRefusedException.badRequest(EXPECTED + ": the bucket is missing");
        }
        if (!decode(parts[1]).equals(stage)) {
            throw RequestRefusedException.notFound(EXPECTED + " with the stage " + stage);
        }
        String bucket = decode(parts[2]);
        if (!buckets.contains(bucket)) {
            throw RequestRefusedException.forbidden(EXPECTED + " with the bucket " + String.join(" or ", buckets));
        }
        if (parts.length < 4 || parts[3].isEmpty()) {
            throw RequestRefusedException.badRequest(
                    EXPECTED + ": the key is missing. Buckets cannot be listed or changed");
        }
        String key = decode(parts[3]);
        if (key.codePoints().anyMatch(ObjectAddress::isUnprintable)) {
            throw RequestRefusedException.badRequest("The key holds a control character: leave it out");
        }
        // Legal in S3, but browsers and many clients rewrite such a path, so the object could not be fetched again.
        if (Arrays.stream(key.split("/")).anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            throw RequestRefusedException.badRequest("The key holds a '.' or '..' segment: leave it out");
        }
        int length = key.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxKeyBytes) {
            throw RequestRefusedException.badRequest("The key has " + length + " bytes: shorten it to " + maxKeyBytes
                    + " (an original's has to leave room for the prefix of its thumbnail's)");
        }
        return new S3Object(bucket, key);
    }

    /**
     * The path of an object.
     *
     * @return percent-encoded, with the slashes of the key as they are
     */
    public static String path(String stage, String bucket, String key) {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
        return "/" + stage + "/" + bucket + "/" + encoded.replace("+", "%20").replace("%2F", "/");
    }

    /** Returns the path of a request target, which is percent-encoded. Clients of a proxy send scheme and host before it. */
    public static String pathOf(String uri) {
        return uri.replaceFirst("(?i)^https?://[^/?#]*", "").replaceFirst("\\?.*", "");
    }

    /** Percent-decodes strictly. A plus is a plus: it means a space only in forms and in S3 events. */
    private static String decode(String encoded) throws RequestRefusedException {
        if (!encoded.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '#')) {
            throw RequestRefusedException.badRequest(
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
        throw RequestRefusedException.badRequest("The path is not percent-encoded UTF-8");
    }

    /** Characters that XML, and so an S3 listing or an SQS message, cannot carry, and the other control characters. */
    private static boolean isUnprintable(int character) {
        return Character.isISOControl(character) || character == 0xFFFE || character == 0xFFFF;
    }
}

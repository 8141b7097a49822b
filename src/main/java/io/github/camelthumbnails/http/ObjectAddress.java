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
 * Parses the bucket and the object key from the path of a request, {@code /{stage}/{bucket}/{key}}, and sets the
 * exchange properties {@code bucket} and {@code objectKey}. It parses the request line as the client sent it, because
 * the HTTP server normalizes {@code //} and {@code ..} in its path, and a query parameter or header of the same name
 * can overwrite its path parameters.
 */
public final class ObjectAddress implements Processor {

    /** S3's limit for the length of a key in UTF-8. */
    public static final int MAX_KEY_BYTES = 1024;

    private static final String USE_PATH = " Use /{stage}/{bucket}/{key}";

    private final String stage;
    private final int maxKeyBytes;
    private final Set<String> buckets;

    /**
     * @param stage the only accepted stage
     * @param maxKeyBytes maximum length of a key in UTF-8
     * @param buckets the only accepted buckets
     */
    public ObjectAddress(String stage, int maxKeyBytes, String... buckets) {
        this.stage = stage;
        this.maxKeyBytes = maxKeyBytes;
        this.buckets = new TreeSet<>(List.of(buckets));
    }

    @Override
    public void process(Exchange exchange) throws RequestRefusedException {
        S3Object object =
                parse(exchange.getProperty("request", HttpServerRequest.class).uri());
        exchange.setProperty("bucket", object.bucket);
        exchange.setProperty("objectKey", object.key);
    }

    /** The bucket and the key of an object, both decoded. */
    record S3Object(String bucket, String key) {}

    /**
     * Parses the bucket and the key.
     *
     * @param uri the request target as sent: percent-encoded path and query, possibly preceded by scheme and host
     * @throws RequestRefusedException if the stage or the bucket is not accepted, or if the key cannot be stored
     *     exactly as sent
     */
    S3Object parse(String uri) throws RequestRefusedException {
        String[] parts = pathOf(uri).split("/", 4);
        if (parts.length < 3 || !parts[0].isEmpty()) {
            throw RequestRefusedException.badRequest("The path is incomplete: the bucket is missing." + USE_PATH + ".");
        }
        if (!decode(parts[1]).equals(stage)) {
            throw RequestRefusedException.notFound(
                    "There is no such stage." + USE_PATH + " with the stage " + stage + ".");
        }
        String bucket = decode(parts[2]);
        if (!buckets.contains(bucket)) {
            throw RequestRefusedException.forbidden("Access to this bucket is not allowed." + USE_PATH
                    + " with the bucket " + String.join(" or ", buckets) + ".");
        }
        if (parts.length < 4 || parts[3].isEmpty()) {
            throw RequestRefusedException.badRequest(
                    "The path is incomplete: the key is missing. Buckets cannot be listed or changed." + USE_PATH
                            + ".");
        }
        String key = decode(parts[3]);
        if (key.codePoints().anyMatch(ObjectAddress::isControlCharacter)) {
            throw RequestRefusedException.badRequest("The object key contains a control character. Remove it.");
        }
        // S3 allows this, but browsers and many clients normalize such a path, so the object could not be read again.
        if (Arrays.stream(key.split("/")).anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            throw RequestRefusedException.badRequest("The object key contains a '.' or '..' segment. Remove it.");
        }
        int length = key.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxKeyBytes) {
            throw RequestRefusedException.badRequest(
                    "The object key has " + length + " bytes, but at most " + maxKeyBytes
                            + " are supported (an original's key leaves room for what the keys of its renditions add). Shorten it.");
        }
        return new S3Object(bucket, key);
    }

    /**
     * Returns the path of an object.
     *
     * @return the path, percent-encoded except for the slashes of the key
     */
    public static String path(String stage, String bucket, String key) {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
        return "/" + stage + "/" + bucket + "/" + encoded.replace("+", "%20").replace("%2F", "/");
    }

    /**
     * Returns the percent-encoded path of a request target, without the query, and without the scheme and host that
     * proxies may send.
     */
    public static String pathOf(String uri) {
        return uri.replaceFirst("(?i)^https?://[^/?#]*", "").replaceFirst("\\?.*", "");
    }

    /** Percent-decodes strictly. A plus sign is kept, because it means a space only in forms and in S3 events. */
    private static String decode(String encoded) throws RequestRefusedException {
        if (!encoded.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '#')) {
            throw RequestRefusedException.badRequest(
                    "The path contains a space, a '#' or a non-ASCII character. Percent-encode it.");
        }
        try {
            String decoded = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') < 0) { // the replacement for bytes that are not UTF-8
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // An incomplete percent-encoding. Rejected below.
        }
        throw RequestRefusedException.badRequest(
                "The path is not percent-encoded UTF-8. Encode the key as UTF-8, then percent-encode it.");
    }

    /**
     * Returns whether a character is a control character, or one that XML, and therefore an S3 listing or an SQS
     * message, cannot contain.
     */
    private static boolean isControlCharacter(int character) {
        return Character.isISOControl(character) || character == 0xFFFE || character == 0xFFFF;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.github.camelthumbnails.observe.Traces;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;

/**
 * Reads and validates the headers of an upload that S3 stores with the object, such as {@code Content-Type} and
 * metadata. They come from the HTTP request itself, because Camel's message headers may originate from the query
 * string.
 */
public final class UploadHeaders {

    /** S3's limit for all metadata names and values together. */
    private static final int MAX_METADATA_BYTES = 2048;

    private static final String METADATA_PREFIX = "x-amz-meta-";

    private UploadHeaders() {}

    /**
     * Sets the message headers that the S3 component stores with the object, and the exchange property
     * {@code ifNoneMatch}.
     *
     * @throws RequestRefusedException if a value cannot be stored as it is, or if the metadata is too long
     */
    public static void read(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request)
            throws RequestRefusedException {
        MultiMap headers = request.headers();
        Message message = exchange.getMessage();
        message.setHeader(AWS2S3Constants.CONTENT_TYPE, value(headers, "Content-Type"));
        message.setHeader(AWS2S3Constants.CACHE_CONTROL, list(headers, "Cache-Control"));
        message.setHeader(AWS2S3Constants.CONTENT_DISPOSITION, value(headers, "Content-Disposition"));
        message.setHeader(AWS2S3Constants.METADATA, metadata(headers, Traces.traceparent(exchange)));
        exchange.setProperty("ifNoneMatch", headers.get("If-None-Match"));
    }

    private static String value(MultiMap headers, String name) throws RequestRefusedException {
        String value = headers.get(name);
        return value == null || value.isBlank() ? null : printable(name, value);
    }

    private static String list(MultiMap headers, String name) throws RequestRefusedException {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? null : printable(name, String.join(", ", values));
    }

    private static String printable(String name, String value) throws RequestRefusedException {
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw RequestRefusedException.badRequest(
                    "The header " + name + " contains a control or non-ASCII character. Send it percent-encoded.");
        }
        return value;
    }

    /**
     * Returns the client's metadata with the span of the upload. The client cannot set the latter itself. If both together are too
     * long, the span is left out.
     */
    private static Map<String, String> metadata(MultiMap headers, String traceparent) throws RequestRefusedException {
        Map<String, String> metadata = new TreeMap<>();
        int bytes = 0;
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(METADATA_PREFIX)
                    && name.length() > METADATA_PREFIX.length()
                    && !name.equals(METADATA_PREFIX + Traces.METADATA)) {
                String value = printable(name, header.getValue());
                metadata.merge(
                        name.substring(METADATA_PREFIX.length()), value, (first, second) -> first + "," + second);
                bytes += name.length() - METADATA_PREFIX.length() + value.length();
            }
        }
        if (bytes > MAX_METADATA_BYTES) {
            throw RequestRefusedException.badRequest("The headers " + METADATA_PREFIX + "* have " + bytes
                    + " bytes together, but at most " + MAX_METADATA_BYTES + " are supported. Shorten them.");
        }
        if (traceparent != null && bytes + Traces.METADATA.length() + traceparent.length() <= MAX_METADATA_BYTES) {
            metadata.put(Traces.METADATA, traceparent);
        }
        return metadata;
    }
}

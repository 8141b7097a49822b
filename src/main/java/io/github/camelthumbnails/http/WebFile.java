// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the web pages in memory, plain and compressed.
 *
 * @param type media type
 * @param bytes the file
 * @param compressed the file as gzip
 */
record WebFile(String type, byte[] bytes, byte[] compressed) {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    /** Creates a file. The extension of its name determines its media type. */
    static WebFile of(String name, byte[] bytes) {
        return new WebFile(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), bytes, compress(bytes));
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory cannot fail
        }
        return compressed.toByteArray();
    }

    /** Returns the entity tag of the plain or the compressed file. */
    String eTag(boolean isCompressed) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return '"' + HexFormat.of().toHexDigits(checksum.getValue(), 8) + (isCompressed ? "-gzip\"" : "\"");
    }
}

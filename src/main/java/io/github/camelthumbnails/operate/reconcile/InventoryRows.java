// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.reconcile.InventoryManifest.DataFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import software.amazon.awssdk.http.Abortable;

/** Reads the rows of one data file of an S3 Inventory, and checks its checksum at the end. */
final class InventoryRows implements AutoCloseable {

    private final InventoryManifest manifest;
    private final DataFile file;
    private final InputStream stream;
    private final DigestInputStream compressed;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;

    /** Opens a file. */
    InventoryRows(InventoryManifest manifest, DataFile file) throws IOException {
        this.manifest = manifest;
        this.file = file;
        stream = manifest.open(file);
        compressed = new DigestInputStream(stream, md5());
        try {
            InputStream csv = new GZIPInputStream(compressed);
            parser = CSVParser.parse(new InputStreamReader(csv, StandardCharsets.UTF_8), CSVFormat.RFC4180);
            records = parser.iterator();
        } catch (IOException e) {
            compressed.close();
            throw e;
        }
    }

    /** Returns whether there is another row. */
    boolean hasNext() {
        return records.hasNext();
    }

    /** Skips a row. */
    void skip() {
        records.next();
    }

    /**
     * Returns the object of the next row, or empty for old versions and delete markers.
     *
     * @throws IllegalArgumentException if a value is invalid
     */
    Optional<ListedObject> next() {
        CSVRecord row = records.next();
        try {
            if (value(row, "IsLatest").equals("false")
                    || value(row, "IsDeleteMarker").equals("true")) {
                return Optional.empty();
            }
            String key = URLDecoder.decode(value(row, "Key"), StandardCharsets.UTF_8);
            // Without a size, empty objects cannot be told apart from pictures. Pictures do not have such keys.
            boolean isEmpty = value(row, "Size").isEmpty() || value(row, "Size").equals("0");
            return Optional.of(new ListedObject(
                    key,
                    ListedObject.utf8(key),
                    value(row, "ETag").replace("\"", ""),
                    Instant.parse(value(row, "LastModifiedDate")),
                    isEmpty && key.endsWith("/")));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "Row " + row.getRecordNumber() + " of " + file.name() + " is not a row of an S3 Inventory: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Returns the value of a column, or an empty text if the inventory has none. */
    private String value(CSVRecord row, String column) {
        int index = manifest.column(column);
        return index < 0 ? "" : row.get(index);
    }

    /**
     * Checks the checksum after the last row.
     *
     * @throws IllegalStateException if it is not that of the manifest
     */
    void check() throws IOException {
        compressed.transferTo(OutputStream.nullOutputStream());
        String actual = HexFormat.of().formatHex(compressed.getMessageDigest().digest());
        if (!file.md5().orElse(actual).equalsIgnoreCase(actual)) {
            throw new IllegalStateException(
                    "The file " + file.name()
                            + " of the S3 Inventory is damaged: its MD5 checksum is not the one in the manifest. Copy it again.");
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (stream instanceof Abortable response) {
            response.abort(); // because close() would receive the rest of the file
        }
        parser.close();
    }
}

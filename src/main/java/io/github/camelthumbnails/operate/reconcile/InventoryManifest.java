// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Describes an S3 Inventory in CSV, as S3 writes it to {@code manifest.json}, and opens its data files.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html">Its format</a>
 */
final class InventoryManifest {

    private static final Pattern ADDRESS = Pattern.compile("s3://([^/]+)/(.+)");

    private static final List<String> REQUIRED = List.of("Key", "LastModifiedDate", "ETag");

    private final S3Client s3;
    private final String address;
    private final Map<String, JsonNode> fields;
    private final List<String> columns;
    private final List<DataFile> files;

    private InventoryManifest(S3Client s3, String address, Map<String, JsonNode> fields) {
        this.s3 = s3;
        this.address = address;
        this.fields = fields;
        columns =
                Arrays.stream(text("fileSchema").split(",")).map(String::strip).toList();
        files = fields.get("files").asArray().stream()
                .map(file -> new DataFile(
                        file.field("key").orElseThrow().asString(),
                        file.field("MD5checksum").map(JsonNode::asString)))
                .toList();
    }

    /**
     * A part of the inventory.
     *
     * @param key its key in the bucket of the inventory
     * @param md5 the hexadecimal MD5 checksum of the compressed file, if known
     */
    record DataFile(String key, Optional<String> md5) {

        /** Returns the last part of the key. */
        String name() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    /**
     * Reads a manifest.
     *
     * @param s3 reads it if it is in a bucket
     * @param bucket the bucket whose objects it should list
     * @param address path of the file, or its address {@code s3://BUCKET/KEY}
     * @throws IllegalArgumentException if the inventory is of another bucket, has another format, or lacks a column
     * @throws IOException if the file cannot be read
     */
    static InventoryManifest read(S3Client s3, String bucket, String address) throws IOException {
        InventoryManifest manifest = parse(s3, address);
        String format = manifest.text("fileFormat");
        require(
                format.equals("CSV"),
                address + " describes an S3 Inventory in the format " + format
                        + ". Only CSV is supported: choose it in the configuration of the inventory.");
        require(
                manifest.text("sourceBucket").equals(bucket),
                address + " describes an S3 Inventory of the bucket " + manifest.text("sourceBucket")
                        + ", but the originals are in " + bucket + ".");
        for (String column : REQUIRED) {
            require(
                    manifest.columns.contains(column),
                    address + " describes an S3 Inventory without " + column
                            + ". Add this field to the configuration of the inventory.");
        }
        return manifest;
    }

    private static InventoryManifest parse(S3Client s3, String address) throws IOException {
        byte[] json;
        Matcher inS3 = ADDRESS.matcher(address);
        try (InputStream file = inS3.matches()
                ? s3.getObject(request -> request.bucket(inS3.group(1)).key(inS3.group(2)))
                : Files.newInputStream(Path.of(address))) {
            json = file.readAllBytes();
        }
        try {
            return new InventoryManifest(
                    s3, address, JsonNode.parser().parse(json).asObject());
        } catch (UncheckedIOException
                | UnsupportedOperationException
                | NullPointerException
                | NoSuchElementException e) {
            throw new IllegalArgumentException(
                    address + " is not the manifest of an S3 Inventory. Use the file manifest.json of the inventory.",
                    e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private String text(String field) {
        return fields.get(field).asString();
    }

    /** Returns when S3 began to write the inventory, in milliseconds, or an empty text if unknown. */
    String createdAt() {
        return Optional.ofNullable(fields.get("creationTimestamp"))
                .map(JsonNode::text)
                .orElse("");
    }

    /** Returns the index of a column, or -1 if there is none. */
    int column(String name) {
        return columns.indexOf(name);
    }

    List<DataFile> files() {
        return files;
    }

    /** Opens a data file, which is compressed by gzip. */
    InputStream open(DataFile file) throws IOException {
        Matcher inS3 = ADDRESS.matcher(address);
        if (inS3.matches()) {
            return s3.getObject(request -> request.bucket(inS3.group(1)).key(file.key()));
        }
        Path manifest = Path.of(address).toAbsolutePath();
        return Files.newInputStream(Stream.concat(
                        Stream.of(manifest.resolveSibling(file.name())),
                        Stream.iterate(manifest.getParent(), directory -> directory != null, Path::getParent)
                                .map(directory -> directory.resolve(file.key())))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The file " + file.name()
                        + " of the S3 Inventory is missing. Copy it to the directory of " + address + ".")));
    }
}

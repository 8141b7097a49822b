// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads originals from an S3 Inventory in CSV, whose rows may have any order. It knows nothing about renditions, so each original is
 * doubtful, and no orphans are found. Needs the memory of one page.
 *
 * <p>The position is the time of the inventory, the number of complete files, and the number of rows that are read of the next one. With
 * the position of another inventory, it starts with the first row.
 */
final class InventoryList implements ComparedPages {

    private static final Logger LOG = LoggerFactory.getLogger(InventoryList.class);

    /** Number of rows in a page. */
    private static final int PAGE_ROWS = 1000;

    /** Maximum number of times that a file is opened for one page, because S3 closes a connection that waits for too long. */
    private static final int MAX_ATTEMPTS = 3;

    private final InventoryManifest manifest;
    private final WalkScope scope;
    private final int maxKeyBytes;
    private int file;
    private long row;
    private boolean started;

    /** The open file, whose next row is the one to read next, or null. */
    private InventoryRows rows;

    private InventoryList(InventoryManifest manifest, WalkScope scope, int maxKeyBytes) {
        this.manifest = manifest;
        this.maxKeyBytes = maxKeyBytes;
        this.scope = scope;
        String[] position = scope.startAfter().split("/");
        if (position.length == 3 && position[0].equals(manifest.createdAt())) {
            file = Integer.parseInt(position[1]);
            row = Long.parseLong(position[2]);
        }
    }

    /**
     * Opens an inventory.
     *
     * @param s3 reads the inventory if it is in a bucket
     * @param manifest path of the inventory's {@code manifest.json}, or its address {@code s3://BUCKET/KEY}
     * @param maxKeyBytes originals whose keys are longer have no renditions, and are skipped
     * @throws IllegalArgumentException if the inventory is of another bucket, has another format, or lacks a column
     * @throws UncheckedIOException if the manifest cannot be read
     */
    static InventoryList of(S3Client s3, String originalsBucket, String manifest, WalkScope scope, int maxKeyBytes) {
        try {
            return new InventoryList(InventoryManifest.read(s3, originalsBucket, manifest), scope, maxKeyBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("The manifest of the S3 Inventory cannot be read: " + manifest, e);
        }
    }

    /** Returns whether there is another page. There is at least one, which may be empty. */
    @Override
    public boolean hasNext() {
        return !started || file < manifest.files().size();
    }

    /**
     * Reads the next page.
     *
     * @throws IllegalArgumentException if a row is invalid, or a file is missing
     * @throws IllegalStateException if a file does not have the checksum of the manifest
     * @throws UncheckedIOException if a file cannot be read
     */
    @Override
    public ComparedPage next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        started = true;
        List<Compared> found = file < manifest.files().size() ? read() : List.of();
        return new ComparedPage(found, manifest.createdAt() + "/" + file + "/" + row, 0);
    }

    /** Reads rows, and opens the file again if that fails. */
    private List<Compared> read() {
        for (int attempt = 1; ; attempt++) {
            try {
                return readRows();
            } catch (IOException | UncheckedIOException | SdkException e) {
                close();
                if (attempt == MAX_ATTEMPTS) {
                    String name = manifest.files().get(file).name();
                    throw e instanceof SdkException sdk
                            ? sdk
                            : new UncheckedIOException("Cannot read " + name, new IOException(e));
                }
                LOG.info("Opening a file of the S3 Inventory again: {}", e.toString());
            }
        }
    }

    private List<Compared> readRows() throws IOException {
        if (rows == null) {
            rows = new InventoryRows(manifest, manifest.files().get(file));
            for (long skipped = 0; skipped < row && rows.hasNext(); skipped++) {
                rows.skip();
            }
        }
        List<Compared> found = new ArrayList<>();
        int read = 0;
        for (; read < PAGE_ROWS && rows.hasNext(); read++) {
            rows.next().flatMap(this::compared).ifPresent(found::add);
        }
        if (rows.hasNext()) {
            row += read;
        } else {
            rows.check();
            close();
            file++;
            row = 0;
        }
        return List.copyOf(found);
    }

    private Optional<Compared> compared(ListedObject original) {
        if (original.isFolder()
                || original.utf8().length > maxKeyBytes
                || !original.key().startsWith(scope.prefix())
                || scope.isTooOld(original.changedAt())) {
            return Optional.empty();
        }
        Look look = scope.isYoung(original.changedAt()) ? Look.YOUNG : Look.DOUBTFUL;
        return Optional.of(new Compared(original.key(), original.eTag(), original.changedAt(), look));
    }

    @Override
    public void close() {
        if (rows != null) {
            try {
                rows.close();
            } catch (IOException e) {
                LOG.debug("Cannot close a file of the S3 Inventory", e);
            }
            rows = null;
        }
    }
}

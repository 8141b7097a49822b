// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps a journal of changes whose events have not been sent yet, one file for each. If the process is killed between a change and
 * its event, the next start finds the file and sends the event.
 */
final class PendingEvents {

    private final Path directory;

    /**
     * Creates a journal.
     *
     * @param directory the directory of its files
     * @throws IOException if the directory cannot be created
     */
    PendingEvents(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /**
     * Runs a change and sends its event. The change stays in the journal if either of them fails.
     *
     * @param change stores, copies or removes the object, and then sends the event
     */
    <T> T record(String bucket, String key, Supplier<T> change) {
        Path file = directory.resolve(UUID.randomUUID() + ".json");
        try {
            Files.writeString(file, JsonObject.of("bucket", bucket, "key", key).encode());
            T result = change.get();
            Files.delete(file);
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Receives one change of the journal. */
    interface Change {
        void accept(String bucket, String key);
    }

    /**
     * Passes on the changes of earlier runs, and removes each one from the journal afterwards.
     *
     * @throws IOException if the journal cannot be read
     */
    void replay(Change change) throws IOException {
        List<Path> entries;
        try (Stream<Path> files = Files.list(directory)) {
            entries = files.toList();
        }
        for (Path file : entries) {
            try {
                JsonObject entry = new JsonObject(Files.readString(file));
                change.accept(entry.getString("bucket"), entry.getString("key"));
            } catch (DecodeException e) {
                // The process was killed while it wrote this file, so the change had not started.
            }
            Files.delete(file);
        }
    }
}

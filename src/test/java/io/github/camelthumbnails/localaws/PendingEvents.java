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
 * A journal of changes whose events have not been sent yet: one file for each. If the process is killed between a change and its
 * event, the next start finds the file and sends the event.
 */
final class PendingEvents {

    private final Path directory;

    /**
     * @param directory for the files
     * @throws IOException if the directory cannot be made
     */
    PendingEvents(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /**
     * Runs a change and the sending of its event. The journal keeps the change if either of them fails.
     *
     * @param change stores, copies or removes the object, and sends the event
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

    /** Receives one object of the journal. */
    interface Change {
        void of(String bucket, String key);
    }

    /**
     * Hands over the changes of earlier runs and forgets each one that is accepted.
     *
     * @throws IOException if the journal cannot be read
     */
    void replay(Change change) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(directory)) {
            left = files.toList();
        }
        for (Path file : left) {
            try {
                JsonObject entry = new JsonObject(Files.readString(file));
                change.of(entry.getString("bucket"), entry.getString("key"));
            } catch (DecodeException e) {
                // The process was killed while it wrote the file. The change had not begun.
            }
            Files.delete(file);
        }
    }
}

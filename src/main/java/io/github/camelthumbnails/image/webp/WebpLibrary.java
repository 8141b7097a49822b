// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import io.github.camelthumbnails.image.imageio.ImageIoReader;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * libwebp, the only codec that has no substitute in Java. The library webp-imageio extracts it to a temporary directory and loads it
 * from there, when the first WebP is decoded. If that fails, so does every WebP from then on.
 */
public final class WebpLibrary {

    /** Properties that name the directory, in the order in which webp-imageio looks at them. */
    private static final String OWN_DIRECTORY = "com.luciad.imageio.webp.tmpdir";

    private static final String DIRECTORY = "java.io.tmpdir";

    /** More than libwebp takes on any platform. */
    private static final int NEEDED_BYTES = 1024 * 1024;

    /** A lossless WebP of one pixel. */
    private static final String PICTURE = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

    private WebpLibrary() {}

    /**
     * Loads libwebp, and decodes a picture with it.
     *
     * @throws IOException if that fails; the message names the directory and what to change
     */
    public static void load() throws IOException {
        Path directory = Path.of(System.getProperty(OWN_DIRECTORY, System.getProperty(DIRECTORY)));
        Optional<String> problem = problem(directory); // webp-imageio itself would print a stack trace and go on
        if (problem.isPresent()) {
            throw notLoaded(directory, problem.get(), null);
        }
        try {
            ImageIoReader.decode("WEBP", Base64.getDecoder().decode(PICTURE), () -> false);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw notLoaded(directory, e.toString(), e);
        }
    }

    /** Returns what is wrong with the directory, if anything is. */
    private static Optional<String> problem(Path directory) {
        if (!Files.exists(directory)) {
            return Optional.of("it does not exist");
        }
        if (!Files.isDirectory(directory)) {
            return Optional.of("it is not a directory");
        }
        try {
            Path file = Files.createTempFile(directory, "libwebp-check", null);
            try {
                Files.write(file, new byte[NEEDED_BYTES]);
                boolean executable = file.toFile().setExecutable(true) && Files.isExecutable(file);
                return executable ? Optional.empty() : Optional.of("it is mounted noexec");
            } finally {
                Files.delete(file);
            }
        } catch (AccessDeniedException e) {
            return Optional.of("it cannot be written to");
        } catch (FileSystemException e) {
            return Optional.of(String.valueOf(e.getReason()));
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static IOException notLoaded(Path directory, String problem, Throwable cause) {
        return new IOException(
                "libwebp cannot be loaded from the temporary directory " + directory + ": " + problem
                        + ". Free " + NEEDED_BYTES / 1024 / 1024
                        + " MiB there and mount it without noexec (in Kubernetes:"
                        + " an emptyDir), or name another directory by -D" + DIRECTORY + "=... in JAVA_TOOL_OPTIONS",
                cause);
    }
}

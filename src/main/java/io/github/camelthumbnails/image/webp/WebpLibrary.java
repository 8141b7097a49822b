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
 * Loads libwebp at startup and checks that it works. libwebp is the only codec without a Java fallback: webp-imageio
 * extracts it to a temporary directory when the first WebP is decoded, and if loading it fails, every later WebP fails,
 * too.
 */
public final class WebpLibrary {

    /** System properties that name the directory, in the order in which webp-imageio reads them. */
    private static final String WEBP_DIRECTORY = "com.luciad.imageio.webp.tmpdir";

    private static final String DIRECTORY = "java.io.tmpdir";

    /** Required free space, more than libwebp takes on any platform. */
    private static final int REQUIRED_BYTES = 1024 * 1024;

    /** A lossless WebP of one pixel, Base64-encoded. */
    private static final String SAMPLE = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

    private WebpLibrary() {}

    /**
     * Loads libwebp and decodes a sample picture with it.
     *
     * @throws IOException if that fails; the message names the directory and says what to change
     */
    public static void load() throws IOException {
        Path directory = Path.of(System.getProperty(WEBP_DIRECTORY, System.getProperty(DIRECTORY)));
        Optional<String> problem = findProblem(directory); // webp-imageio would only print a stack trace and continue
        if (problem.isPresent()) {
            throw notLoaded(directory, problem.get(), null);
        }
        try {
            ImageIoReader.decode("WEBP", Base64.getDecoder().decode(SAMPLE), () -> false);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw notLoaded(directory, e.toString(), e);
        }
    }

    /** Returns a description of what is wrong with the directory; empty if nothing is. */
    private static Optional<String> findProblem(Path directory) {
        if (!Files.exists(directory)) {
            return Optional.of("it does not exist");
        }
        if (!Files.isDirectory(directory)) {
            return Optional.of("it is not a directory");
        }
        try {
            Path file = Files.createTempFile(directory, "libwebp-check", null);
            try {
                Files.write(file, new byte[REQUIRED_BYTES]);
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
                        + ". Free " + REQUIRED_BYTES / 1024 / 1024
                        + " MiB there and mount it without noexec (in Kubernetes:"
                        + " an emptyDir), or set another directory with -D" + DIRECTORY + "=... in JAVA_TOOL_OPTIONS",
                cause);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.localaws.FreePort;
import io.github.camelthumbnails.pipeline.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what happens if native libraries cannot be loaded from the directory to which they are extracted. */
class NativeLibrariesIT {

    @TempDir
    private Path directory;

    @Test
    void workerDoesNotStartWithoutTemporaryDirectory() throws Exception {
        assertRefused(directory.resolve("absent"), "it does not exist", List.of());
    }

    @Test
    void workerDoesNotStartWithAFileAsTemporaryDirectory() throws Exception {
        assertRefused(Files.createFile(directory.resolve("file")), "it is not a directory", List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "'noexec,size=4m', it is mounted noexec",
        "'ro,size=4m', Read-only file system",
        "size=200k, No space left on device",
    })
    void workerDoesNotStartIfLibwebpCannotBeLoaded(String options, String problem) throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        // Mounts a file system in a namespace of the process, which not every user is allowed to do.
        List<String> unshare = List.of(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "mount -t tmpfs -o " + options + " tmpfs " + mount + "; exec \"$@\"",
                "-");
        assumeTrue(canRun(unshare), "unshare and mount are not allowed here");

        assertRefused(mount, problem, unshare);
    }

    @Test
    void missingLibwebpIsReportedAsAWorkerProblem() throws Exception {
        assertThat(decode(
                        "-Djava.io.tmpdir=" + directory.resolve("absent"), false)) // the libwebp of the system would do
                .contains("WEBP: MissingLibrary: The worker cannot load a part of its decoders", "PNG: 50 x 30");
    }

    @Test
    void allFormatsAreDecodedWithoutJna() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(decode("-Djna.tmpdir=" + file, true))
                .contains("JNA cannot be loaded")
                .contains(Pictures.FORMATS.stream()
                        .map(format -> format + ": 50 x 30")
                        .toList());
    }

    @Test
    void workerDoesNotStartWithoutTheEncoderOfARendition() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("RENDITIONS", "thumbnail,card");
        environment.put("RENDITIONS_CARD", "fit:640x480 format:avif");
        List<String> arguments =
                List.of("-Djna.tmpdir=" + file, "-cp", System.getProperty("java.class.path"), App.class.getName());

        try (Command worker = Command.java(directory, environment, arguments)) {
            assertThat(worker.exitCode()).as("%s", worker.output()).isEqualTo(1);
            assertThat(worker.output())
                    .contains("renditions.card: The format avif cannot be encoded on this machine. Install libheif");
        }
    }

    /** Creates a thumbnail of a picture of each format. */
    private String decode(String option, boolean nativeCodec) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                option,
                "-cp",
                System.getProperty("java.class.path"),
                DecodeRun.class.getName(),
                String.valueOf(nativeCodec)));
        for (ImageFormat format : Pictures.FORMATS) {
            Path file = Files.write(directory.resolve(format.name()), Pictures.quarters(format, 100, 60));
            arguments.add(file.toString());
        }
        try (Command run = Command.java(directory, Map.of(), arguments)) {
            assertThat(run.exitCode()).as("%s", run.output()).isZero();
            return run.output();
        }
    }

    private static boolean canRun(List<String> prefix) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // the command does not exist
        }
    }

    private static Map<String, String> environment() throws IOException {
        return Map.of(
                "APP_ROLES",
                "thumbnail",
                "AWS_ENDPOINT",
                "http://127.0.0.1:1", // no server, but none is contacted
                "HTTP_PORT",
                String.valueOf(FreePort.next()),
                "MANAGEMENT_PORT",
                String.valueOf(FreePort.next()));
    }

    private void assertRefused(Path temporaryFiles, String problem, List<String> prefix) throws Exception {
        List<String> arguments = List.of(
                "-Djava.io.tmpdir=" + temporaryFiles,
                "-cp",
                System.getProperty("java.class.path"),
                App.class.getName());
        try (Command worker = Command.java(directory, environment(), prefix, arguments)) {
            assertThat(worker.exitCode()).as("%s", worker.output()).isEqualTo(1);
            assertThat(worker.output())
                    .contains(
                            "libwebp cannot be loaded from the temporary directory " + temporaryFiles + ": " + problem)
                    .contains("set another directory with -Djava.io.tmpdir=");
            assertThat(worker.output().lines().filter(line -> line.startsWith("\tat ")))
                    .as("%s", worker.output())
                    .hasSizeLessThan(30);
        }
    }
}

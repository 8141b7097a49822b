// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelthumbnails.pipeline.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decodes thousands of damaged HEIC and AVIF files in a separate process, because native code could crash it. */
class HeifMutationsIT {

    private static final String SEED = "1";
    private static final String COUNT = "6000";

    @Test
    void everyFileGivesAPictureOrAnException(@TempDir Path directory) throws Exception {
        boolean continuousIntegration = "true".equals(System.getenv("CI"));
        assumeThat(LibHeif.find().isPresent() || continuousIntegration)
                .as("libheif is not installed")
                .isTrue();
        Path inWork =
                Files.createDirectories(Path.of("target", "malformed-heif").toAbsolutePath());
        List<String> arguments = List.of(
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                HeifMutationsRun.class.getName(),
                SEED,
                COUNT,
                inWork.toString());
        try (Command run = Command.java(directory, Map.of(), arguments)) {
            assertThat(run.exitCode())
                    .as("the files being decoded are in %s; %s", inWork, run.output())
                    .isZero();
            assertThat(run.output())
                    .contains(COUNT + " files of seed " + SEED, "; 0 failures")
                    .containsPattern("HEIC=\\{IOException=\\d{3,}, Picture=\\d{3,}, TooManyPixelsException=\\d+")
                    .containsPattern("AVIF=\\{IOException=\\d{3,}, Picture=\\d{3,}, TooManyPixelsException=\\d+");
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.pipeline.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decodes thousands of malformed pictures in a process with a small heap. */
class MalformedPicturesIT {

    private static final String SEED = "1";
    private static final String COUNT = "5000";

    @Test
    void everyPictureGivesAThumbnailOrAPermanentFailure(@TempDir Path temporaryFiles) throws Exception {
        List<String> arguments = List.of(
                "-Xmx64m",
                "-Djava.io.tmpdir=" + temporaryFiles,
                "-cp",
                System.getProperty("java.class.path"),
                MalformedPicturesRun.class.getName(),
                SEED,
                COUNT);
        try (Command run = Command.java(Path.of("").toAbsolutePath(), Map.of(), arguments)) {
            assertThat(run.exitCode()).as("%s", run.output()).isZero();
            assertThat(run.output()).contains(COUNT + " pictures of seed " + SEED, "; 0 failures");
            for (ImageFormat format : Pictures.FORMATS) {
                assertThat(run.output())
                        .containsPattern(
                                format + "=\\{CorruptImage=\\d{2,}, [^}]*Thumbnail=\\d{2,}, TooManyPixels=\\d");
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.pipeline.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Decodes thousands of damaged animations in a separate process. */
class DamagedAnimationsIT {

    private static final String SEED = "1";
    private static final String COUNT = "10000";

    @Test
    void everyAnimationGivesFramesOrAnException() throws Exception {
        WebpFiles.assumeLibraries();
        List<String> arguments = List.of(
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                DamagedAnimationsRun.class.getName(),
                SEED,
                COUNT);
        try (Command run = Command.java(Path.of("").toAbsolutePath(), Map.of(), arguments)) {
            assertThat(run.exitCode()).as("%s", run.output()).isZero();
            assertThat(run.output()).contains(COUNT + " animations of seed " + SEED, "; 0 failures");
            assertThat(run.output()).containsPattern("AllFrames=\\d{4,}.*, NoFrame=\\d{4,}.*, SomeFrames=\\d{4,}");
        }
    }
}

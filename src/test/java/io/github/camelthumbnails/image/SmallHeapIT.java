// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.pipeline.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what happens if the JVM runs out of memory while it decodes a valid picture. */
class SmallHeapIT {

    /** Uses the formats with small files. */
    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "GIF", "WEBP"})
    void outOfMemoryIsNotReportedAsACorruptPicture(ImageFormat format, @TempDir Path directory) throws Exception {
        Path large = directory.resolve("large");
        Path small = directory.resolve("small");
        Files.write(large, Pictures.quarters(format, 5000, 4000));
        Files.write(small, Pictures.quarters(format, 100, 60));
        List<String> arguments = List.of(
                "-Xmx32m",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                DecodeRun.class.getName(),
                "false", // libjpeg-turbo and libdeflate work outside the heap
                large.toString(),
                small.toString());
        try (Command run = Command.java(directory, Map.of(), arguments)) {
            assertThat(run.exitCode()).as("%s", run.output()).isZero();
            assertThat(run.output()).contains("large: NotEnoughMemory", "small: 50 x 30");
        }
    }
}

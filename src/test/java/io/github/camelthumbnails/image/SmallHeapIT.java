// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.pipeline.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what happens if the JVM runs out of memory while it decodes a valid picture. */
class SmallHeapIT {

    /** Uses the formats with small files. Half of the PNG does not fit into the heap either. */
    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "GIF", "WEBP"})
    void outOfMemoryIsNotReportedAsACorruptPicture(ImageFormat format, @TempDir Path directory) throws Exception {
        byte[] large = format == ImageFormat.PNG
                ? Pictures.quarters(format, 8000, 6000)
                : Pictures.quarters(format, 5000, 4000);

        String output = decode(directory, "-Xmx32m", large, Pictures.quarters(format, 100, 60));

        assertThat(output).contains("large: NotEnoughMemory", "small: 50 x 30");
    }

    /** A PNG is halved while it is decoded: this one has 144 MB, its half 36, and its rows are in memory one by one. */
    @Test
    void halfOfALargePngFitsIntoASmallHeap(@TempDir Path directory) throws Exception {
        byte[] large = Pictures.quarters(ImageFormat.PNG, 8000, 6000);

        String output = decode(directory, "-Xmx64m", large, Pictures.quarters(ImageFormat.PNG, 100, 60));

        assertThat(output).contains("large: 4000 x 3000", "small: 50 x 30");
    }

    private static String decode(Path directory, String heap, byte[] large, byte[] small) throws Exception {
        Path largeFile = Files.write(directory.resolve("large"), large);
        Path smallFile = Files.write(directory.resolve("small"), small);
        List<String> arguments = List.of(
                heap,
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                DecodeRun.class.getName(),
                "false", // libjpeg-turbo and libdeflate work outside the heap
                largeFile.toString(),
                smallFile.toString());
        try (Command run = Command.java(directory, Map.of(), arguments)) {
            assertThat(run.exitCode()).as("%s", run.output()).isZero();
            return run.output();
        }
    }
}

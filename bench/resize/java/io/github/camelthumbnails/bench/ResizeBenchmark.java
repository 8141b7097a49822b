// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures making thumbnails of one picture, in memory and one at a time. {@code bench/resize/run} sets the parameters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ResizeBenchmark {

    @Param("ours")
    private String contender;

    @Param("")
    private String picture;

    private Contender thumbnails;
    private byte[] original;

    /** Reads the picture from its file. */
    @Setup
    public void setUp() throws IOException {
        thumbnails = Contender.named(contender);
        original = Files.readAllBytes(Path.of(picture));
    }

    /** Makes one thumbnail and returns its bytes. */
    @Benchmark
    public byte[] thumbnail() throws Exception {
        return thumbnails.thumbnail(original);
    }
}

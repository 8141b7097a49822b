// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** Starts a process and writes its output to a file. */
public final class Command implements AutoCloseable {

    /**
     * Maximum time for a process to start or to end. It is only reached by a process that hangs, since one that fails
     * ends. A busy machine needs more than a minute to compile the application's Java files, as the Camel CLI does when
     * it starts.
     */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Path log;
    private final Process process;

    private Command(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    /** Starts a command with additional environment variables. */
    static Command start(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        Path log = Files.createTempFile("command", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("AWS_ENDPOINT_URL"); // meant for the tests, not for the processes that they start
        builder.environment().putAll(environment);
        return new Command(log, builder.start());
    }

    /** Starts {@code java} of the JDK that runs the tests. */
    public static Command java(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return java(directory, environment, List.of(), arguments);
    }

    /** Starts {@code java} through another command, which executes the rest of its arguments. */
    public static Command java(
            Path directory, Map<String, String> environment, List<String> prefix, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:TieredStopAtLevel=1", // starts faster, and the process is short-lived
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(arguments);
        return start(directory, environment, command);
    }

    /** Returns the output so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the output contains a text. */
    void awaitOutput(String text) {
        Pipeline.await()
                .atMost(TIMEOUT)
                .failFast(() -> {
                    boolean ended = !process.isAlive(); // read first: the process may write and end in between
                    Assertions.assertThat(ended && !output().contains(text))
                            .as("process has ended: %s", output())
                            .isFalse();
                })
                .untilAsserted(() -> Assertions.assertThat(output()).contains(text));
    }

    /**
     * Stops the process with SIGTERM and waits. SIGINT (Ctrl-C) has the same effect, but may be ignored if the tests
     * run in the background.
     */
    int stop() throws InterruptedException {
        askToStop();
        return exitCode();
    }

    /** Sends SIGTERM without waiting for the end. */
    void askToStop() {
        process.destroy();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until the process has ended. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running: " + output());
        }
        return process.exitValue();
    }

    /** Kills the process. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(log);
    }
}

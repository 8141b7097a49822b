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

/** A process, its output in a file. */
public final class Command implements AutoCloseable {

    /**
     * How long a process may take to start or to end. A process that fails ends, so this is for one that hangs: a busy machine needs
     * more than a minute to compile the application's Java files, as the Camel CLI does at its start.
     */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path log;
    private final Process process;

    private Command(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    /** Starts a command with some environment variables added. */
    static Command start(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        Path log = Files.createTempFile("command", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("AWS_ENDPOINT_URL"); // says where AWS is for the tests, not for what they start
        builder.environment().putAll(environment);
        return new Command(log, builder.start());
    }

    /** Starts the JDK that runs the tests. */
    public static Command java(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return java(directory, environment, List.of(), arguments);
    }

    /** The same through another command, which executes what follows its own arguments. */
    public static Command java(
            Path directory, Map<String, String> environment, List<String> prefix, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:TieredStopAtLevel=1", // what it does is short
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(arguments);
        return start(directory, environment, command);
    }

    /** What it has written. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a text in the output. */
    void awaitOutput(String text) {
        Pipeline.await()
                .atMost(LIMIT)
                .failFast(() -> {
                    boolean ended = !process.isAlive(); // looked at first: it may write and end in between
                    Assertions.assertThat(ended && !output().contains(text))
                            .as("process has ended: %s", output())
                            .isFalse();
                })
                .untilAsserted(() -> Assertions.assertThat(output()).contains(text));
    }

    /** Asks it to stop, by SIGTERM: Ctrl-C does the same, but may be ignored where the tests run in the background. */
    int stop() throws InterruptedException {
        askToStop();
        return exitCode();
    }

    /** The same without waiting. */
    void askToStop() {
        process.destroy();
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running: " + output());
        }
        return process.exitValue();
    }

    /** Kills it at whatever it does. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(log);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSignalTest {

    /** Creates a run while the process stops, as if the signal had come while the application started. */
    static final class Stopping {

        private Stopping() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Operation operation = new Operation("redrive", false, List.of());
                StopSignal.create().cancels(operation);
                System.out.println("cancelled: " + operation.isCancelled());
            }));
            System.exit(0);
        }
    }

    @Test
    void runIsCancelledIfTheSignalCameBeforeIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stopping.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("cancelled: true");
    }
}

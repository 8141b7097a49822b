// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the exit code of a command that runs out of memory, with the options of Java that the manifest of the Jobs sets. */
class CommandExitCodeTest {

    @TempDir
    Path directory;

    @Test
    void commandThatRunsOutOfMemoryFailsInsteadOfEndingAsAtALimit() throws IOException, InterruptedException {
        Path classes = Path.of("target/test-classes").toAbsolutePath();
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-cp",
                classes.toString(),
                Greedy.class.getName());
        java.directory(directory.toFile()).redirectErrorStream(true);
        java.environment().put("JAVA_TOOL_OPTIONS", options());
        Path output = directory.resolve("output");

        int code = java.redirectOutput(output.toFile()).start().waitFor();

        assertThat(Files.readString(output)).contains("Aborting due to java.lang.OutOfMemoryError");
        assertThat(code).isEqualTo(Commands.FAILED);
    }

    private static String options() throws IOException {
        String manifest = Files.readString(Path.of("k8s/components/operate/reconcile.yaml"));
        Matcher matcher =
                Pattern.compile("name: JAVA_TOOL_OPTIONS\\s+value: (.+)").matcher(manifest);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    /** Asks for more memory than there is. */
    static final class Greedy {

        private Greedy() {}

        public static void main(String[] args) {
            System.out.println(new byte[1 << 30].length);
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests commands that are run by Maven while local AWS is not running. */
class LocalRunCommandTest {

    @ParameterizedTest
    @CsvSource({
        "redrive --help, 0, Usage:",
        "redrive --al, 2, Unknown option",
        "redrvie, 2, Did you mean redrive?",
        "failures, 1, Local AWS does not run at http://127.0.0.1:1. Start it in another terminal"
    })
    void localAwsIsNeededOnlyToRunACommand(String arguments, int exitCode, String output) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LocalRun.class.getName()));
        command.addAll(List.of(arguments.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("AWS_ENDPOINT", "http://127.0.0.1:1");
        Process process = builder.start();

        assertThat(new String(process.getInputStream().readAllBytes()))
                .contains(output)
                .doesNotContain("\tat ");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
    }
}

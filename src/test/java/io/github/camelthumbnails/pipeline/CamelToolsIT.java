// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Looks into the application with the Camel CLI, and controls it, as docs/edit-routes.md describes. */
class CamelToolsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication();

    /** The jars that the Maven profile camel-tools adds. */
    private static final Pattern TOOLS =
            Pattern.compile(".*[/\\\\]camel-(cli-connector|console|management|log)-\\d[^/\\\\]*\\.jar");

    /** The home directory of both processes, because the CLI finds the application by files in it. */
    @TempDir
    Path home;

    @Test
    void camelCliShowsTracesAndStopsRoutes() throws Exception {
        try (Command application = application(tools())) {
            application.awaitOutput("Camel JBang CLI enabled");
            awaitCamel("camel-thumbnails/aws +R +UP", "get", "health");
            awaitCamel(application.pid() + " +camel-thumbnails +1/1 +Running", "ps");
            awaitCamel("upload-image .* Started", "get", "route");
            awaitCamel("create-thumbnail +direct://create-thumbnail .* Started", "get", "route");

            camel("trace", "--action=start");
            awaitCamel("Started", "trace");
            PIPELINE.upload("tools.png", Pictures.quarters(ImageFormat.PNG, 20, 20));
            PIPELINE.awaitItem("tools.png");
            // Not with --action=dump, which may wait forever if it reads the file while the application writes it.
            Path trace = home.resolve(".camel").resolve(application.pid() + "-trace.json");
            Pipeline.await()
                    .untilAsserted(
                            () -> assertThat(trace).content().contains("tools.png", "put-original", "put-rendition"));

            camel("cmd", "stop-route", "camel-thumbnails", "--id=show-page");
            awaitCamel("show-page .* Stopped", "get", "route");
            camel("cmd", "start-route", "camel-thumbnails", "--id=show-page");
            awaitCamel("show-page .* Started", "get", "route");

            assertThat(application.stop()).isEqualTo(143);
        }
    }

    @Test
    void camelCliDoesNotSeeTheApplicationByDefault() throws Exception {
        try (Command application = application("")) {
            application.awaitOutput("Apache Camel 4.18.0 (camel-thumbnails) started");

            assertThat(home.resolve(".camel")).doesNotExist();
            assertThat(camel("ps")).doesNotContain("camel-thumbnails");
        }
    }

    private Command application(String moreClassPath) throws IOException {
        Map<String, String> environment = PIPELINE.environment();
        environment.put("CAMEL_TRACE_STANDBY", "true");
        return Command.java(
                home,
                environment,
                List.of(
                        "-Duser.home=" + home,
                        "-cp",
                        System.getProperty("java.class.path") + moreClassPath,
                        App.class.getName()));
    }

    /** Returns the class path of the jars for the tools. The CLI, which runs Camel by itself, has them as well. */
    private static String tools() throws IOException {
        StringBuilder tools = new StringBuilder();
        for (String jar : Files.readString(CamelCliIT.CLASS_PATH).strip().split(File.pathSeparator)) {
            if (TOOLS.matcher(jar).matches()) {
                tools.append(File.pathSeparator).append(jar);
            }
        }
        assertThat(tools.toString()).contains("camel-cli-connector-");
        return tools.toString();
    }

    /** Runs a command of the Camel CLI and returns what it prints. */
    private String camel(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "-Duser.home=" + home,
                "-cp",
                Files.readString(CamelCliIT.CLASS_PATH),
                Path.of("src/test/camel-cli/CamelCli.java").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        try (Command cli = Command.java(home, Map.of(), command)) {
            assertThat(cli.exitCode()).as(cli.output()).isZero();
            return cli.output();
        }
    }

    /**
     * Repeats a command until it prints what is expected. It prints nothing if it reads the application's files while
     * the application writes them.
     */
    private void awaitCamel(String pattern, String... arguments) {
        Pipeline.await()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(camel(arguments)).containsPattern(pattern));
    }
}

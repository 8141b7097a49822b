// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Camel CLI, from its Maven artifacts, on a copy of this project's routes, settings and Java files. */
class CamelCliIT {

    /** Provides local AWS; the Camel CLI runs the application. */
    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication();

    /** Written by the build, see pom.xml. */
    static final Path CLASS_PATH = Path.of("src/test/camel-cli/target/class.path");

    @TempDir
    Path project;

    @BeforeEach
    void copyProject() throws IOException {
        for (String name : List.of(
                "application.properties",
                "application-dev.properties",
                "routes",
                "src/main/java",
                "src/main/resources/web",
                "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(name))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.createDirectories(project.resolve(file).getParent());
                    Files.copy(file, project.resolve(file));
                }
            }
        }
    }

    @Test
    void yamlRoutesRunAndAreReloadedWhenEdited() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 201, 121);
        try (Command cli = camelRun(files("routes", ".camel.yaml"), "--dev")) {
            cli.awaitOutput("HTTP endpoints summary");

            PIPELINE.upload("cli.jpg", photo);
            PIPELINE.upload("cli.webp", Pictures.quarters(ImageFormat.WEBP, 20, 20));
            PIPELINE.upload("cli.txt", "text".getBytes(StandardCharsets.UTF_8));
            assertThat(Pictures.decode(PIPELINE.awaitThumbnail("cli.jpg").asByteArray())
                            .getWidth())
                    .isEqualTo(100);
            PIPELINE.awaitThumbnail("cli.webp");
            assertThat(PIPELINE.awaitItem("cli.jpg")).hasSize(13);
            PIPELINE.awaitFailure("cli.txt");

            Path route = project.resolve("routes/create-thumbnail.camel.yaml");
            Files.writeString(route, Files.readString(route).replace("{{thumbnails.cacheControl}}", "no-store"));
            cli.awaitOutput("Routes reloaded summary");

            PIPELINE.store("cli.jpg", photo);
            Pipeline.await()
                    // A long poll of the previous routes may receive the event; it is redelivered after the visibility
                    // timeout.
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(PIPELINE.awaitThumbnail("cli.jpg")
                                    .response()
                                    .cacheControl())
                            .isEqualTo("no-store"));
            assertThat(cli.stop()).isEqualTo(143);
        }
    }

    @Test
    void javaRouteReplacesTheYamlRoute() throws Exception {
        List<String> routes = new ArrayList<>(files("routes", ".camel.yaml"));
        routes.remove("routes/create-thumbnail.camel.yaml");
        routes.add("examples/CreateThumbnail.java");
        try (Command cli = camelRun(routes)) {
            cli.awaitOutput("HTTP endpoints summary");

            PIPELINE.upload("cli-java.png", Pictures.quarters(ImageFormat.PNG, 20, 20));

            PIPELINE.awaitItem("cli-java.png");
            cli.awaitOutput("The route in Java DSL has made [thumbnail 10x10] of cli-java.png");
        }
    }

    private Command camelRun(List<String> routes, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-cp",
                Files.readString(CLASS_PATH),
                Path.of("src/test/camel-cli/CamelCli.java").toAbsolutePath().toString(),
                "run",
                // Without this option the CLI would search for Kamelets, which this project does not use.
                "--kamelets-version=4.18.0"));
        arguments.addAll(routes);
        arguments.add("application.properties");
        arguments.addAll(files("src/main/java", ".java"));
        arguments.addAll(List.of(options));
        return Command.java(project, PIPELINE.environment(), arguments);
    }

    private List<String> files(String directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(project.resolve(directory))) {
            return files.map(file -> project.relativize(file).toString())
                    .filter(file -> file.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}

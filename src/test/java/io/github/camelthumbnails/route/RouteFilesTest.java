// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How every file in {@code routes/} is written, so that logs, tests and Kaoto can name its parts. */
class RouteFilesTest {

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everythingHasAnIdAndEveryRouteADescription(Path file) throws Exception {
        String name = file.getFileName().toString().replace(".camel.yaml", "");
        try (DefaultCamelContext context = new DefaultCamelContext()) { // never started: it only reads the file
            context.getPropertiesComponent().setLocation("file:application-dev.properties,file:application.properties");
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
            List<RouteDefinition> routes = context.getRouteDefinitions();
            List<RouteConfigurationDefinition> configurations = context.getRouteConfigurationDefinitions();

            assertThat(Stream.concat(
                            routes.stream().map(RouteDefinition::getRouteId),
                            configurations.stream().map(RouteConfigurationDefinition::getId)))
                    .as("called as the file")
                    .isNotEmpty()
                    .containsOnly(name);
            assertThat(routes).allSatisfy(route -> {
                assertThat(route.getDescriptionText()).isNotBlank();
                assertStepsHaveIds(List.of(route));
            });
            assertThat(configurations).allSatisfy(configuration -> {
                assertThat(configuration.getDescription()).isNotBlank();
                assertStepsHaveIds(configuration.getOnExceptions());
            });
        }
    }

    @SuppressWarnings("rawtypes") // as in the signature of filterTypeInOutputs with a class
    private static void assertStepsHaveIds(List<? extends ProcessorDefinition<?>> parents) {
        Collection<ProcessorDefinition> steps = parents.stream()
                .flatMap(parent ->
                        ProcessorDefinitionHelper.filterTypeInOutputs(parent.getOutputs(), ProcessorDefinition.class)
                                .stream())
                .toList();
        assertThat(steps)
                .isNotEmpty()
                .allSatisfy(step ->
                        assertThat(step.hasCustomIdAssigned()).as("%s", step).isTrue());
    }
}

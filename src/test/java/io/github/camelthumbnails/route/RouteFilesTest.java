// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Checks how the files in {@code routes/} are written, so that Kaoto can open them and logs and tests can name their parts. */
class RouteFilesTest {

    /** How the ids of steps that decide begin. All other ids are a verb and a noun. */
    private static final Map<String, String> ID_PREFIXES = Map.of(
            "choice", "choose-",
            "when", "if-",
            "otherwise", "else-",
            "filter", "if-",
            "onException", "if-",
            "onCompletion", "if-",
            "loop", "repeat-",
            "doTry", "try-",
            "doCatch", "if-");

    private static JsonSchema schema;

    @BeforeAll
    static void readSchema() throws IOException {
        try (InputStream json = RouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(json);
        }
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileIsValidAccordingToCamelsSchema(Path file) throws IOException {
        JsonArray json = new JsonArray((List<?>) new Yaml().load(Files.readString(file)));

        assertThat(schema.validate(json.encode(), InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRouteAndStepHasAnIdAndADescription(Path file) throws Exception {
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
                assertStepsAreDescribed(route.getOutputs());
            });
            assertThat(configurations).allSatisfy(configuration -> {
                assertThat(configuration.getDescription()).isNotBlank();
                assertStepsAreDescribed(configuration.getOnExceptions());
                assertStepsAreDescribed(configuration.getOnCompletions());
                assertStepsAreDescribed(configuration.getInterceptFroms());
            });
        }
    }

    /** Camel does not start if two steps have the same id, even in different routes. */
    @Test
    void noIdOccursTwice() throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path file : files()) {
            Pattern.compile("(?m)^[ -]*id: (.*)$")
                    .matcher(Files.readString(file))
                    .results()
                    .forEach(id -> ids.add(id.group(1)));
        }

        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
    }

    /** What Kaoto shows of a step is its description, for which there is little room. */
    @SuppressWarnings("rawtypes") // as in the signature of filterTypeInOutputs with a class
    private static void assertStepsAreDescribed(List<? extends ProcessorDefinition<?>> steps) {
        Collection<ProcessorDefinition> all =
                ProcessorDefinitionHelper.filterTypeInOutputs(new ArrayList<>(steps), ProcessorDefinition.class);
        assertThat(all).allSatisfy(step -> {
            assertThat(step.hasCustomIdAssigned()).as("%s", step).isTrue();
            assertThat(step.getId())
                    .as("%s", step)
                    .matches("[a-z0-9]+(-[a-z0-9]+)+")
                    .startsWith(ID_PREFIXES.getOrDefault(step.getShortName(), ""));
            assertThat(step.getDescriptionText()).as(step.getId()).isNotBlank().hasSizeLessThanOrEqualTo(80);
        });
    }
}

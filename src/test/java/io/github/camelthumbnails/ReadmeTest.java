// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the README, configuration.md and edit-routes.md with the files that they describe. CI runs the Run and Test commands. */
class ReadmeTest {

    private final String readme = Files.readString(Path.of("README.md"));
    private final String configuration = Files.readString(Path.of("docs/configuration.md"));
    private final String editRoutes = Files.readString(Path.of("docs/edit-routes.md"));

    ReadmeTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(strings = {"Run", "Test"})
    void sectionBeginsWithOneCommand(String section) {
        assertThat(readme).containsPattern("(?m)^## " + section + "\n\n```sh\nmvn [^\n]+\n```\n");
    }

    @Test
    void readmeIsShort() {
        assertThat(readme.lines()).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void readmeExplainsEachRoute() throws IOException {
        String section = readme.substring(readme.indexOf("## How it works"), readme.indexOf("## Change it"));
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            assertThat(routes)
                    .isNotEmpty()
                    .allSatisfy(route -> assertThat(section).contains("(routes/" + route.getFileName() + ")"));
        }
    }

    @Test
    void javaRouteIsTheExample() throws IOException {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(editRoutes);
        assertThat(code.find()).isTrue();

        assertThat(Files.readString(Path.of("examples/CreateThumbnail.java"))).endsWith(code.group(1));
    }

    @Test
    void tablesHaveAllSettingsAndTheirDefaults() throws IOException {
        Map<String, String> described = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\| (?:`(.*?)`)? ?\\|")
                .matcher(configuration)
                .results()
                .forEach(row -> described.put(row.group(1), row.group(2) == null ? "" : row.group(2)));

        assertThat(described).isEqualTo(settings());
    }

    @Test
    void mavenAndCamelCliUseTheSameVersions() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        Properties properties = properties();

        String camel = properties.getProperty("camel.jbang.camel-version");
        assertThat(pom).contains("<camel.version>" + camel + "<");
        assertThat(Files.readString(Path.of("src/test/camel-cli/pom.xml"))).contains("<version>" + camel + "<");
        assertThat(editRoutes).contains("--kamelets-version=" + camel + " ");
        assertThat(Pattern.compile("mvn:[^:]+:([^:]+):([^,]+)")
                        .matcher(properties.getProperty("camel.jbang.dependencies"))
                        .results()
                        .toList())
                .isNotEmpty()
                .allSatisfy(dependency -> assertThat(version(pom, dependency)).isEqualTo(dependency.group(2)));
    }

    private static String version(String pom, MatchResult dependency) {
        Matcher declared = Pattern.compile("<artifactId>" + dependency.group(1)
                        + "</artifactId>\\s*<version>(?:\\$\\{(.*?)}|(.*?))</version>")
                .matcher(pom);
        assertThat(declared.find()).as(dependency.group()).isTrue();
        if (declared.group(2) != null) {
            return declared.group(2);
        }
        String property = declared.group(1);
        return pom.replaceAll("(?s).*<" + property + ">(.*?)</" + property + ">.*", "$1");
    }

    /** Reads the application's own settings and their defaults. Settings in comments have none. */
    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        properties().forEach((name, value) -> {
            if (!name.toString().startsWith("camel.")) {
                settings.put(name.toString(), value.toString().replaceFirst("^\\{\\{env:[A-Z_]+:(.*)}}$", "$1"));
            }
        });
        Pattern.compile("(?m)^#([a-z.]+)=").matcher(text()).results().forEach(name -> settings.put(name.group(1), ""));
        return settings;
    }

    private static Properties properties() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("application.properties"))) {
            properties.load(reader);
        }
        return properties;
    }

    private static String text() throws IOException {
        return Files.readString(Path.of("application.properties"));
    }
}

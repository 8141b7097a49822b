// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks docs/architecture.md, the map of the code, against the code. */
class ArchitectureDocTest {

    private static final Path MAIN = Path.of("src/main/java/io/github/camelthumbnails");

    private final String page = Files.readString(Path.of("docs/architecture.md"));

    ArchitectureDocTest() throws IOException {}

    @Test
    void everyPackageHasALine() throws IOException {
        Set<String> packages;
        try (Stream<Path> files = Files.walk(MAIN)) {
            packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> MAIN.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        assertThat(firstCells("## Packages")).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void callsOfRoutesAreThoseOfTheFiles() throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.sorted().toList()) {
                String route = file.getFileName().toString().replace(".camel.yaml", "");
                String content = Files.readString(file);
                rows.add("| `" + route + "` | " + cell(found(content, "from:\\s+uri: (\\S+?):")) + " | "
                        + cell(found(content, "(?<!from:\\n {6})uri: direct:(\\S+)")) + " | "
                        + cell(found(content, "routeConfigurationId: (\\S+)")) + " |");
            }
        }

        assertThat(section("## Routes").lines().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void exchangeDataIsThatOfRoutesAndClasses() throws IOException {
        List<String> expected = new ExchangeData()
                .uses().entrySet().stream()
                        .map(use -> use.getKey().replaceFirst("(\\w+) (.*)", "`$2` | $1") + " | "
                                + cell(use.getValue().setters()) + " | "
                                + cell(use.getValue().readers()))
                        .toList();

        assertThat(section("## What an exchange carries")
                        .lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line ->
                                line.replaceFirst("^\\| (`[^`]+`) \\| (\\w+) \\| [^|]+ \\| (.*) \\|$", "$1 | $2 | $3")))
                .containsExactlyElementsOf(expected);
    }

    private static Set<String> found(String content, String pattern) {
        return Pattern.compile(pattern)
                .matcher(content)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String cell(Set<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private String section(String heading) {
        int start = page.indexOf(heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private List<String> firstCells(String heading) {
        return section(heading)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.replaceFirst("^\\| `([^`]+)`.*", "$1"))
                .toList();
    }
}

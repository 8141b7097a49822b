// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * Finds which routes and classes set and read the properties, variables and headers of an exchange, by reading their sources. What only
 * Camel and its components set and read is left out.
 */
final class ExchangeData {

    /** Names of the routes and classes that set and that read one property, variable or header. */
    record Use(TreeSet<String> setters, TreeSet<String> readers) {

        Use() {
            this(new TreeSet<>(), new TreeSet<>());
        }
    }

    private static final Path MAIN = Path.of("src/main/java/io/github/camelthumbnails");

    private static final Pattern SIMPLE_READ =
            Pattern.compile("(exchangeProperty|variable|header)\\.(?!Camel)([A-Za-z]\\w*)");
    private static final Pattern JAVA_SET = Pattern.compile("\\.set(Property|Variable)\\(\\s*\"(\\w+)\"");
    private static final Pattern JAVA_READ =
            Pattern.compile("(?:\\.get|@Exchange|@)(Property|Variable|Header)\\(\\s*\"(?!Camel)(?:header:)?(\\w+)\"");

    private final Map<String, Use> uses = new TreeMap<>();

    /** Reads all routes and all classes. */
    ExchangeData() throws IOException {
        each(Path.of("routes"), this::readRoute);
        each(MAIN, this::readClass);
        uses.values().removeIf(use -> use.setters.isEmpty()); // an HTTP header or a system property
    }

    /** Returns the uses by kind and name, such as "property event". */
    Map<String, Use> uses() {
        return uses;
    }

    private static void each(Path directory, Consumer<Path> reader) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).sorted().forEach(reader);
        }
    }

    private void readRoute(Path file) {
        visit(new Yaml().load(content(file)), file.getFileName().toString().replace(".camel.yaml", ""));
    }

    private void visit(Object node, String route) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                switch (String.valueOf(key)) {
                    case "setProperty" -> set("property", ((Map<?, ?>) value).get("name"), route);
                    case "setVariable" -> set("variable", ((Map<?, ?>) value).get("name"), route);
                    case "setHeader" -> set("header", ((Map<?, ?>) value).get("name"), route);
                    case "setVariables" -> setAll("variable", ((Map<?, ?>) value).get("variables"), route);
                    case "setHeaders" -> setAll("header", ((Map<?, ?>) value).get("headers"), route);
                    case "variableReceive" -> set("variable", value, route);
                    case "variableSend" -> use("variable", value).readers.add(route);
                    default -> {
                        // Its children are visited below.
                    }
                }
                visit(value, route);
            });
        } else if (node instanceof Collection<?> list) {
            list.forEach(child -> visit(child, route));
        } else if (node instanceof String text) {
            SIMPLE_READ
                    .matcher(text)
                    .results()
                    .forEach(read -> use(read.group(1).replace("exchangeProperty", "property"), read.group(2))
                            .readers
                            .add(route));
        }
    }

    private void setAll(String kind, Object entries, String route) {
        ((List<?>) entries).forEach(entry -> set(kind, ((Map<?, ?>) entry).get("name"), route));
    }

    private void readClass(Path file) {
        String content = content(file);
        String name = file.getFileName().toString().replace(".java", "");
        JAVA_SET.matcher(content).results().forEach(set -> set(set.group(1).toLowerCase(), set.group(2), name));
        JAVA_READ
                .matcher(content)
                .results()
                .forEach(read ->
                        use(read.group(1).toLowerCase(), read.group(2)).readers.add(name));
    }

    private void set(String kind, Object name, String setter) {
        if (!String.valueOf(name).startsWith("Camel")) {
            use(kind, name).setters.add(setter);
        }
    }

    private Use use(String kind, Object name) {
        return uses.computeIfAbsent(kind + " " + name, absent -> new Use());
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

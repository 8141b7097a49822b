// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** Reads the files of {@code k8s/components/monitoring}. */
public final class Monitoring {

    private static final Path DIRECTORY = Path.of("k8s/components/monitoring");

    /** Set operators with their matching clause, and comparisons. */
    private static final Pattern OPERATOR =
            Pattern.compile("\\b(?:and|or|unless)\\b(?:\\s+on\\s*\\([^)]*\\))?|[<>=!]=|[<>]");

    private static final Pattern ABSENT = Pattern.compile("absent\\((.*)\\)", Pattern.DOTALL);

    private Monitoring() {}

    /** Returns the PodMonitor. */
    public static JsonObject podMonitor() throws IOException {
        return read("podmonitor.yaml");
    }

    /** Returns what the PrometheusRule has below {@code spec}: a rules file of Prometheus. JSON is YAML as well. */
    public static JsonObject rulesFile() throws IOException {
        return read("prometheusrule.yaml").getJsonObject("spec");
    }

    /** Returns all rules. */
    public static List<JsonObject> rules() throws IOException {
        return Manifests.list(rulesFile(), "groups").stream()
                .flatMap(group -> Manifests.list(group, "rules").stream())
                .toList();
    }

    /** Returns the rules that alert. */
    public static List<JsonObject> alerts() throws IOException {
        return rules().stream().filter(rule -> rule.containsKey("alert")).toList();
    }

    /** Returns the tests of the rules. */
    static JsonArray ruleTests() throws IOException {
        return JsonArray.of(read("prometheusrule-test.yaml"), read("prometheusrule-test-nights.yaml"));
    }

    /** Returns the panels of the dashboard that show data. */
    public static List<JsonObject> panels() throws IOException {
        JsonObject dashboard = new JsonObject(Files.readString(DIRECTORY.resolve("dashboard.json")));
        return Manifests.list(dashboard, "panels").stream()
                .filter(panel -> panel.containsKey("targets"))
                .toList();
    }

    /**
     * Returns the parts of an alert's expression that have values while there is no alert: what is compared or
     * combined by {@code and}, {@code or} and {@code unless}, and what is inside {@code absent()}.
     */
    public static Stream<String> operands(String expression) {
        List<String> parts = split(expression.strip());
        if (parts.size() > 1) {
            return parts.stream().flatMap(Monitoring::operands);
        }
        String part = parts.get(0);
        Matcher absent = ABSENT.matcher(part);
        if (absent.matches()) {
            return operands(absent.group(1));
        }
        if (part.startsWith("(") && closing(part, 0) == part.length() - 1) {
            return operands(part.substring(1, part.length() - 1));
        }
        return part.matches("[\\d.]*") ? Stream.empty() : Stream.of(part);
    }

    /** Splits an expression at its outermost operators. */
    private static List<String> split(String expression) {
        List<String> parts = new ArrayList<>();
        Matcher operator = OPERATOR.matcher(expression);
        int start = 0;
        int at = 0;
        while (at < expression.length()) {
            char next = expression.charAt(at);
            if (operator.region(at, expression.length())
                    .useTransparentBounds(true)
                    .lookingAt()) {
                parts.add(expression.substring(start, at).strip());
                at = operator.end();
                start = at;
            } else {
                at = next == '(' || next == '{' ? closing(expression, at) + 1 : at + 1;
            }
        }
        parts.add(expression.substring(start).strip());
        return parts;
    }

    /**
     * Returns the index of the bracket that closes the one at an index. Strings in expressions contain no brackets.
     */
    private static int closing(String expression, int opening) {
        int depth = 0;
        for (int at = opening; at < expression.length(); at++) {
            char next = expression.charAt(at);
            depth += next == '(' || next == '{' ? 1 : next == ')' || next == '}' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException("A bracket is not closed: " + expression);
    }

    private static JsonObject read(String file) throws IOException {
        Map<String, Object> yaml = new Yaml().load(Files.readString(DIRECTORY.resolve(file)));
        return new JsonObject(new JsonObject(yaml).encode());
    }
}

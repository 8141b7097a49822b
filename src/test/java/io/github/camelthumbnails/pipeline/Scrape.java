// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a response of {@code /observe/metrics}.
 *
 * @param types type of each metric
 * @param help help text of each metric
 * @param samples all samples
 */
record Scrape(Map<String, String> types, Map<String, String> help, List<Sample> samples) {

    private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /**
     * A line of the response.
     *
     * @param name name of the metric, with the suffix of a part of a histogram
     */
    record Sample(String name, Map<String, String> labels, double value) {}

    static Scrape parse(String text) {
        Map<String, String> types = new HashMap<>();
        Map<String, String> help = new HashMap<>();
        for (String line : text.lines().filter(line -> line.startsWith("# ")).toList()) {
            String[] words = line.split(" ", 4);
            (words[1].equals("TYPE") ? types : help).put(words[2], words.length < 4 ? "" : words[3].strip());
        }
        List<Sample> samples = SAMPLE.matcher(text)
                .results()
                .filter(line -> line.start() == 0 || text.charAt(line.start() - 1) == '\n')
                .map(line -> new Sample(line.group(1), labels(line.group(2)), Double.parseDouble(line.group(3))))
                .toList();
        return new Scrape(types, help, samples);
    }

    private static Map<String, String> labels(String text) {
        return text == null
                ? Map.of()
                : LABEL.matcher(text)
                        .results()
                        .collect(Collectors.toMap(
                                label -> label.group(1), label -> label.group(2), (a, b) -> a, TreeMap::new));
    }

    /** Returns the value of the only sample with this name and these labels, such as {@code kind="test"}; NaN if there is none. */
    double value(String name, String... labels) {
        Map<String, String> wanted = labels(String.join(",", labels));
        List<Sample> found = samples(name).stream()
                .filter(sample -> sample.labels.equals(wanted))
                .toList();
        return found.size() == 1 ? found.get(0).value : Double.NaN;
    }

    /** Returns the samples with a name. */
    List<Sample> samples(String name) {
        return samples.stream().filter(sample -> sample.name.equals(name)).toList();
    }

    /** Returns the values of a label of a metric. */
    Collection<String> values(String name, String label) {
        return samples(name).stream()
                .map(sample -> sample.labels.get(label))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of all labels of a metric. */
    Collection<String> labels(String name, String type) {
        return samples(type.equals("histogram") ? name + "_count" : name).stream()
                .flatMap(sample -> sample.labels.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the upper limits of the buckets of a histogram. */
    Collection<Double> buckets(String name) {
        return samples(name + "_bucket").stream()
                .map(sample -> sample.labels.get("le"))
                .filter(limit -> !limit.equals("+Inf"))
                .map(Double::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of the metrics that are about this application and not about Camel, Micrometer or the JVM. */
    Collection<String> ownNames() {
        return types.keySet().stream()
                .filter(name -> !name.matches("(camel|jvm|process|system|app)_.*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the matches of a pattern in a text. */
    static List<MatchResult> matches(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .toList();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the files of the web pages: their size, what the content security policy allows, and the texts in all languages. */
class PageFilesTest {

    private static final Path DIRECTORY = Path.of("src/main/resources/web");
    private static final String TEXTS = "texts.js";
    private static final List<String> LANGUAGES = List.of("en", "ko");

    /** Maximum size of all files of both pages as a browser receives them, without the description of the API. */
    private static final int MAX_BYTES = 60_000;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    /** The name of a text in an attribute, as in {@code data-label="close"}. */
    private static final Pattern ATTRIBUTE = Pattern.compile("data-(?:text|label)=\"([^\"]*)\"");

    /** Calls of {@code text("name")} and {@code text(condition ? "name" : "other")}. */
    private static final Pattern CALL =
            Pattern.compile("\\btext\\((?:\"([^\"]+)\"|[^()]*\\? \"([^\"]+)\" : \"([^\"]+)\")");

    /** Strings, and keys of objects such as {@code {error, fix: fixOf(reason)}}. */
    private static final Pattern NAME = Pattern.compile("\"([^\"\\n]+)\"|[{,]\\s*(\\w+)(?=\\s*[:,}])");

    /** The first part of names that are put together, as in {@code text(`state.${state}`)}. */
    private static final Pattern PREFIX = Pattern.compile("\\btext\\([^`\\n]*`([\\w.]+\\.)\\$\\{");

    private static String read(String name) {
        try {
            return Files.readString(DIRECTORY.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns what all groups of a pattern match in all files of a kind. The texts themselves are left out. */
    private static Set<String> find(Pattern pattern, String extension) {
        Set<String> found = new TreeSet<>();
        files(name -> name.endsWith(extension))
                .forEach(name ->
                        pattern.matcher(withoutTexts(name)).results().forEach(match -> addGroups(match, found)));
        return found;
    }

    private static String withoutTexts(String name) {
        return name.equals(TEXTS) ? read(name).replaceAll("(?m)^ {4}\".*\",$", "") : read(name);
    }

    private static void addGroups(MatchResult match, Set<String> found) {
        for (int group = 1; group <= match.groupCount(); group++) {
            if (match.group(group) != null) {
                found.add(match.group(group));
            }
        }
    }

    private static Stream<String> files(Predicate<String> filter) {
        return WebPage.FILES.stream().filter(filter);
    }

    /** Returns the texts of a language by their names. Each text is on one line. */
    private static Map<String, String> texts(String language) {
        Map<String, String> texts = new HashMap<>();
        entries(language).forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
        return texts;
    }

    private static List<Map.Entry<String, String>> entries(String language) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        List<String> lines = read(TEXTS).lines().toList();
        int first = lines.indexOf("  " + language + ": {") + 1;
        assertThat(first).as("line of %s", language).isPositive();
        for (String line : lines.subList(first, lines.size())) {
            if (line.equals("  },")) {
                break;
            }
            if (!line.strip().startsWith("//")) {
                assertThat(line).matches(" {4}\"[\\w.]+\": \".+\",");
                String[] parts = line.strip().split("\": \"", 2);
                entries.add(Map.entry(parts[0].substring(1), parts[1].substring(0, parts[1].length() - 2)));
            }
        }
        assertThat(entries).isNotEmpty();
        return entries;
    }

    @Test
    void allFilesAreServed() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(WebPage.FILES);
        }
    }

    @Test
    void pagesAreSmall() {
        Map<String, Integer> sizes = new HashMap<>();
        files(name -> !name.equals("openapi.json"))
                .forEach(name ->
                        sizes.put(name, WebFile.of(name, read(name).getBytes()).compressed().length));

        assertThat(sizes.values().stream().mapToInt(Integer::intValue).sum())
                .as("bytes of both pages: %s", sizes)
                .isLessThan(MAX_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "operate.html"})
    void pageHasNoInlineScriptsAndStyles(String page) {
        assertThat(read(page))
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:")
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContainPattern("<script[^>]*>[^<]");
    }

    @Test
    void nothingComesFromOtherHosts() {
        assertThat(files(name -> name.matches(".*\\.(html|css|js)")))
                .allSatisfy(name -> assertThat(read(name)).doesNotContainPattern("https?://|[\"'(]//[a-z]"));
    }

    /** A relative address would depend on whether the path of the page ends with a slash. */
    @Test
    void pageForOperatorsHasOnlyAbsolutePaths() {
        assertThat(read("operate.html")).doesNotContainPattern("\\s(src|href)=\"(?![/#])");
    }

    @Test
    void everyImportedModuleExists() {
        assertThat(find(Pattern.compile("from \"\\./([^\"]+)\""), ".js")).isSubsetOf(WebPage.FILES);
    }

    @Test
    void everyTextThatIsUsedExists() {
        Set<String> missing = find(ATTRIBUTE, ".html");
        missing.addAll(find(CALL, ".js"));
        missing.removeAll(texts("en").keySet());
        Set<String> prefixes = find(PREFIX, ".js");
        prefixes.removeIf(prefix -> texts("en").keySet().stream().anyMatch(name -> name.startsWith(prefix)));

        assertThat(missing).as("names without a text").isEmpty();
        assertThat(prefixes).as("first parts of names without a text").isEmpty();
    }

    @Test
    void everyTextIsUsed() {
        Set<String> prefixes = find(PREFIX, ".js");
        Set<String> unused = new TreeSet<>(texts("en").keySet());
        unused.removeAll(find(ATTRIBUTE, ".html"));
        unused.removeAll(find(NAME, ".js"));
        unused.removeIf(name -> prefixes.stream().anyMatch(name::startsWith));

        assertThat(unused).isEmpty();
    }

    /** If the picture itself is at fault, operators can only tell the uploader, whatever the reason is. */
    @Test
    void everyReasonOfAFailureIsExplained() {
        Set<String> missing = new TreeSet<>();
        for (FailureReason reason : FailureReason.values()) {
            missing.add("problem." + reason);
            missing.add("fix." + (reason.isPictureAtFault() ? "picture" : reason));
        }
        missing.removeAll(texts("en").keySet());

        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("LANGUAGES")
    void languageHasTheSameTextsAndPlaceholdersAsEnglish(String language) {
        Map<String, Set<String>> english = placeholders("en");
        Set<String> names = new TreeSet<>();

        assertThat(entries(language))
                .filteredOn(entry -> !names.add(entry.getKey()))
                .as("second texts of the same name")
                .isEmpty();
        Map<String, Set<String>> placeholders = placeholders(language);
        assertThat(differences(placeholders.keySet(), english.keySet()))
                .as("names in only one language")
                .isEmpty();
        assertThat(placeholders.keySet())
                .filteredOn(name -> !placeholders.get(name).equals(english.get(name)))
                .as("texts with other placeholders")
                .isEmpty();
    }

    private static Set<String> differences(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        all.removeIf(name -> one.contains(name) && other.contains(name));
        return all;
    }

    private static Map<String, Set<String>> placeholders(String language) {
        return texts(language).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> PLACEHOLDER
                                .matcher(entry.getValue())
                                .results()
                                .map(match -> match.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
    }

    @Test
    void textsContainNoMarkup() {
        assertThat(LANGUAGES)
                .allSatisfy(language -> assertThat(texts(language).values())
                        .noneMatch(text -> text.contains("<") || text.contains("&")));
    }
}

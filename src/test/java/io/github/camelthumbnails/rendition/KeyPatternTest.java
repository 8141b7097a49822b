// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that key patterns give every original a key of its own, and that patterns that could clash are found. */
class KeyPatternTest {

    private static final String ALPHABET = "ab./-";

    @ParameterizedTest
    @CsvSource({
        "resized-{key}, holiday/photo.jpg, resized-holiday/photo.jpg",
        "{name}-card.{ext}, holiday/photo.jpg, holiday/photo-card.jpg",
        "{name}-card.{ext}, photo, photo-card.",
        "{name}-card.{ext}, archive.tar.gz, archive.tar-card.gz",
        "{name}-card.{ext}, photo., photo.-card.",
        "{name}-card.{ext}, v1.2/photo, v1.2/photo-card.",
        "{name}-card.{ext}, .htaccess, .htaccess-card.",
        "{name}-card.{ext}, a/.htaccess, a/.htaccess-card.",
        "{name}/x.{ext}, a/...jpg, a/...jpg/x.",
        "by-{ext}/{name}, photo.jpg, by-jpg/photo",
        "{name}.x.{ext}, 'a\nb.c\nd', 'a\nb.x.c\nd'",
    })
    void placeholdersAreReplaced(String pattern, String original, String key) {
        assertThat(KeyPattern.parse(pattern).apply(original)).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"{key}, 0", "resized-{key}, 8", "{name}-card.{ext}, 6", "größe/{key}, 8"})
    void addedBytesAreCountedInUtf8(String pattern, int bytes) {
        assertThat(KeyPattern.parse(pattern).addedBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "card/{key}, avatar/{key}",
        "card/{key}, card-big/{key}",
        "{key}-card, {key}-avatar",
        "{name}-card.{ext}, {name}-avatar.{ext}",
        "{name}.card-{ext}, {name}.avatar-{ext}",
        "x/{name}-card.{ext}, {name}-avatar.{ext}",
        "card/{name}.{ext}, avatar/{key}",
    })
    void patternsWithTextsOfTheirOwnDoNotMeet(String one, String other) {
        assertThat(KeyPattern.parse(one).mayMeet(KeyPattern.parse(other))).isFalse();
        assertThat(KeyPattern.parse(other).mayMeet(KeyPattern.parse(one))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "{key}, {key}",
        "{key}, card/{key}",
        "card/{key}, card/big/{key}",
        "{key}-card, big-{key}",
        "{name}.{ext}, {name}-card.{ext}",
        "cards/{key}, {name}-card.{ext}",
        "{name}-card.{ext}, {name}-avatar.{ext}.bak",
    })
    void patternsThatCouldClashMeet(String one, String other) {
        assertThat(KeyPattern.parse(one).mayMeet(KeyPattern.parse(other))).isTrue();
        assertThat(KeyPattern.parse(other).mayMeet(KeyPattern.parse(one))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"{key}, ''", "resized-{key}, resized-", "a/größe-{key}, a/größe-", "{key}.webp,", "{name}-card.{ext},"})
    void onlyPatternsThatEndWithTheKeyHaveATextBeforeTheKey(String pattern, String text) {
        assertThat(KeyPattern.parse(pattern).textBeforeKey()).isEqualTo(Optional.ofNullable(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noKeyOfAnotherPatternBeginsWithTheTextBeforeTheKey(long seed) {
        Random random = new Random(seed);
        List<String> originals = originals(random);
        List<KeyPattern> patterns = patterns(random, 250);
        for (KeyPattern one : patterns) {
            for (KeyPattern other : patterns.subList(0, 25)) {
                if (one.textBeforeKey().isPresent() && !one.mayMeet(other)) {
                    String text = one.textBeforeKey().orElseThrow();
                    assertThat(originals.stream().map(other::apply).filter(key -> key.startsWith(text)))
                            .as("keys of %s beside %s, seed %d", other, one, seed)
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0007", "\uFFFE", "\uD800", "\u2003", " "})
    void unusualCharactersAreRejected(String character) {
        assertThatThrownBy(() -> KeyPattern.parse("a" + character + "{key}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U+%04X", (int) character.charAt(0))
                .hasMessageEndingWith("Remove it.");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noTwoOriginalsGetTheSameKey(long seed) {
        Random random = new Random(seed);
        List<String> originals = originals(random);
        for (KeyPattern pattern : patterns(random, 250)) {
            Map<String, String> originalsByKey = new HashMap<>();
            for (String original : originals) {
                String other = originalsByKey.put(pattern.apply(original), original);
                if (other != null) {
                    fail("%s gives %s and %s the same key, seed %d", pattern, original, other, seed);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void patternsThatDoNotMeetNeverGiveTheSameKey(long seed) {
        Random random = new Random(seed);
        List<String> originals = originals(random);
        List<KeyPattern> patterns = patterns(random, 250);
        List<Set<String>> keys =
                patterns.stream().map(pattern -> keys(pattern, originals)).toList();
        int apart = 0;
        for (int i = 0; i < patterns.size(); i++) {
            for (int attempt = 0; attempt < 10; attempt++) {
                int j = random.nextInt(patterns.size());
                if (!patterns.get(i).mayMeet(patterns.get(j))) {
                    apart++;
                    assertThat(Collections.disjoint(keys.get(i), keys.get(j)))
                            .as("%s and %s have no key in common, seed %d", patterns.get(i), patterns.get(j), seed)
                            .isTrue();
                }
            }
        }
        assertThat(apart).isGreaterThan(500);
    }

    @Test
    void namesBeforeExtensionsNeverGiveTheSameKeyIfTheTextsBetweenDoNotMeet() {
        List<String> originals = originals(new Random(6));
        Map<KeyPattern, Set<String>> keys = new HashMap<>();
        for (String before : List.of("", "a", "-", "b-", ".", "a.")) {
            for (String after : List.of("", "a", "-", "b-")) {
                KeyPattern pattern = KeyPattern.parse("{name}" + before + "." + after + "{ext}");
                keys.put(pattern, keys(pattern, originals));
            }
        }
        int apart = 0;
        for (KeyPattern one : keys.keySet()) {
            for (KeyPattern other : keys.keySet()) {
                if (!one.mayMeet(other)) {
                    apart++;
                    assertThat(Collections.disjoint(keys.get(one), keys.get(other)))
                            .as("%s and %s have no key in common", one, other)
                            .isTrue();
                }
            }
        }
        assertThat(apart).isGreaterThan(100);
    }

    private static Set<String> keys(KeyPattern pattern, List<String> originals) {
        return originals.stream().map(pattern::apply).collect(Collectors.toSet());
    }

    /** Returns all keys of up to four characters of the alphabet, and some longer ones. */
    private static List<String> originals(Random random) {
        Set<String> originals = new HashSet<>();
        List<String> last = List.of("");
        for (int length = 1; length <= 4; length++) {
            last = last.stream()
                    .flatMap(key -> ALPHABET.chars().mapToObj(character -> key + (char) character))
                    .toList();
            originals.addAll(last);
        }
        for (int i = 0; i < 300; i++) {
            originals.add(text(random, 5 + random.nextInt(8)));
        }
        return List.copyOf(originals);
    }

    /** Returns valid patterns, found by trial and error. */
    private static List<KeyPattern> patterns(Random random, int count) {
        List<String> middles = List.of("{key}", "{name}%s{ext}", "{ext}%s{name}", "{name}", "{ext}", "{name}%s{name}");
        List<KeyPattern> patterns = new ArrayList<>();
        while (patterns.size() < count) {
            String middle = middles.get(random.nextInt(middles.size())).formatted(text(random, random.nextInt(4)));
            try {
                patterns.add(
                        KeyPattern.parse(text(random, random.nextInt(4)) + middle + text(random, random.nextInt(4))));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("The key pattern");
            }
        }
        return patterns;
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}

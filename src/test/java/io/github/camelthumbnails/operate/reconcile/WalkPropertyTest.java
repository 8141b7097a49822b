// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static io.github.camelthumbnails.operate.reconcile.ListedBuckets.ORIGINALS;
import static io.github.camelthumbnails.operate.reconcile.ListedBuckets.THUMBNAILS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import io.github.camelthumbnails.rendition.Renditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Compares walks over random buckets with an evaluation that holds all keys in memory and knows no order. */
class WalkPropertyTest {

    private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");

    /** Parts of keys: on both sides of where the orders of UTF-8 and UTF-16 differ, and what listings encode. */
    private static final List<String> PARTS = List.of(
            "a",
            "b",
            "/",
            "-",
            ".",
            "card/",
            "resized-",
            "é",
            "\uD7FF",
            "\uE000",
            "\uFFFD",
            "\uD83D\uDE00",
            "\uDBFF\uDFFD",
            "\u0001",
            " ",
            "+",
            "%2F");

    private static final List<List<String>> PATTERNS = List.of(
            List.of("resized-{key}"),
            List.of("{key}"),
            List.of("resized-{key}", "card/{key}"),
            List.of("a{key}", "b/{key}", "\uD83D\uDE00{key}", "\uFFFD-{key}"),
            List.of("resized-{key}", "x/{name}-card.{ext}"),
            List.of("{key}.webp"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void walksFindExactlyWhatIsThereOnceWhereverTheyAreResumed(long seed) {
        Random random = new Random(seed);
        Set<Look> seen = new HashSet<>();
        for (int round = 0; round < 400; round++) {
            Renditions renditions = WalkTest.renditions(
                    PATTERNS.get(random.nextInt(PATTERNS.size())).toArray(String[]::new));
            ListedBuckets s3 = buckets(random, renditions);
            WalkScope scope = scope(random);
            int pageSize = 1 + random.nextInt(7);
            Map<String, Look> expected = expected(s3, renditions, scope);
            String what = "seed %d, round %d".formatted(seed, round);

            assertThat(walk(s3, renditions, scope, pageSize)).as(what).isEqualTo(expected);
            assertThat(walkResumedAfterEachPage(s3, renditions, scope, pageSize))
                    .as(what + ", resumed")
                    .isEqualTo(expected);
            seen.addAll(expected.values());
        }
        assertThat(seen).containsExactlyInAnyOrder(Look.values());
    }

    private static ListedBuckets buckets(Random random, Renditions renditions) {
        ListedBuckets s3 = new ListedBuckets();
        int count = random.nextInt(40);
        int share = random.nextInt(11); // of 10: how many keys have an original, so that either bucket may be empty
        for (int i = 0; i < count; i++) {
            String key = key(random);
            if (random.nextInt(10) < share) {
                s3.put(ORIGINALS, key, time(random), random.nextInt(3), random.nextInt(8) == 0 ? "e-2" : "e");
            }
            if (random.nextInt(4) > 0) {
                renditions.keys(key).values().forEach(rendition -> {
                    if (random.nextInt(8) > 0) {
                        s3.put(THUMBNAILS, rendition, time(random), random.nextInt(8), "any");
                    }
                });
            }
            if (random.nextInt(5) == 0) {
                s3.rendition(key(random), time(random)); // of no rendition, or of an older setting
            }
        }
        return s3;
    }

    private static String key(Random random) {
        StringBuilder key = new StringBuilder();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            key.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return key.toString();
    }

    private static Instant time(Random random) {
        return T.plusSeconds(random.nextInt(10));
    }

    private static WalkScope scope(Random random) {
        return new WalkScope(
                random.nextInt(3) == 0 ? PARTS.get(random.nextInt(PARTS.size())) : "",
                random.nextInt(3) == 0 ? T.plusSeconds(2) : null,
                random.nextInt(3) == 0 ? T.plusSeconds(8) : null,
                random.nextInt(3) > 0 ? T.plusSeconds(9 + random.nextInt(200_000)) : null,
                random.nextInt(6) == 0,
                "");
    }

    private static Map<String, Look> walk(ListedBuckets s3, Renditions renditions, WalkScope scope, int pageSize) {
        Map<String, Look> found = new TreeMap<>();
        int requests = 0;
        s3.requests.set(0);
        try (Walk walk = Walk.of(s3, ORIGINALS, THUMBNAILS, renditions, scope, pageSize)) {
            while (walk.hasNext()) {
                ComparedPage page = walk.next();
                requests += page.requests();
                addOnce(found, page);
            }
        }
        assertThat(requests).isEqualTo(s3.requests.get());
        return found;
    }

    /** Starts a new walk after each page, like a process that is killed after each page. */
    private static Map<String, Look> walkResumedAfterEachPage(
            ListedBuckets s3, Renditions renditions, WalkScope scope, int pageSize) {
        Map<String, Look> found = new TreeMap<>();
        String position = "";
        boolean hasNext = true;
        while (hasNext) {
            WalkScope rest = new WalkScope(
                    scope.prefix(),
                    scope.changedAfter(),
                    scope.changedBefore(),
                    scope.verifiedUntil(),
                    scope.deep(),
                    position);
            try (Walk walk = Walk.of(s3, ORIGINALS, THUMBNAILS, renditions, rest, pageSize)) {
                ComparedPage page = walk.next();
                addOnce(found, page);
                position = page.position();
                hasNext = walk.hasNext();
            }
        }
        return found;
    }

    private static void addOnce(Map<String, Look> found, ComparedPage page) {
        page.keys()
                .forEach(compared -> assertThat(found.put(compared.key(), compared.look()))
                        .as("%s is found once", compared.key())
                        .isNull());
    }

    private static Map<String, Look> expected(ListedBuckets s3, Renditions renditions, WalkScope scope) {
        List<String> texts = new ArrayList<>();
        renditions.textsBeforeKey().forEach(text -> text.ifPresent(texts::add));
        boolean hasOthers = texts.size() < renditions.textsBeforeKey().size();
        Map<String, S3Object> originals = s3.bucket(ORIGINALS);
        Map<String, S3Object> thumbnails = s3.bucket(THUMBNAILS);
        Map<String, Look> expected = new TreeMap<>();
        originals.forEach((key, original) -> {
            Instant time = original.lastModified();
            boolean isFolder = original.size() == 0 && key.endsWith("/");
            boolean isTooOld = scope.changedAfter() != null && time.compareTo(scope.changedAfter()) < 0;
            if (key.startsWith(scope.prefix()) && !isFolder && !isTooOld) {
                List<S3Object> own = texts.stream()
                        .map(text -> thumbnails.get(text + key))
                        .filter(rendition -> rendition != null && !isFolder(rendition))
                        .toList();
                if (scope.changedBefore() != null && time.compareTo(scope.changedBefore()) >= 0) {
                    expected.put(key, Look.YOUNG);
                } else if (own.size() < texts.size()) {
                    expected.put(key, Look.MISSING);
                } else if (hasOthers || isDoubtful(original, own, scope)) {
                    expected.put(key, Look.DOUBTFUL);
                } else {
                    expected.put(key, Look.COMPLETE);
                }
            }
        });
        Map<String, List<S3Object>> orphans = new TreeMap<>();
        thumbnails.forEach((key, rendition) -> texts.stream()
                .filter(text -> key.startsWith(text + scope.prefix()) && key.length() > text.length())
                .filter(text -> !originals.containsKey(key.substring(text.length())) && !isFolder(rendition))
                .forEach(text -> orphans.computeIfAbsent(key.substring(text.length()), any -> new ArrayList<>())
                        .add(rendition)));
        orphans.forEach((key, own) -> {
            if (scope.changedBefore() == null
                    || own.stream().allMatch(each -> each.lastModified().compareTo(scope.changedBefore()) < 0)) {
                expected.put(key, Look.ORPHAN);
            }
        });
        return expected;
    }

    private static boolean isFolder(S3Object object) {
        return object.size() == 0 && object.key().endsWith("/");
    }

    private static boolean isDoubtful(S3Object original, List<S3Object> own, WalkScope scope) {
        return scope.deep()
                || scope.verifiedUntil() == null
                || own.stream().anyMatch(each -> each.lastModified().compareTo(original.lastModified()) <= 0)
                || own.stream().anyMatch(each -> each.lastModified().compareTo(scope.verifiedUntil()) >= 0)
                || (original.eTag().equals("\"e-2\"")
                        && original.lastModified().plusSeconds(86400).compareTo(scope.verifiedUntil()) >= 0);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static io.github.camelthumbnails.operate.reconcile.ListedBuckets.ORIGINALS;
import static io.github.camelthumbnails.operate.reconcile.ListedBuckets.THUMBNAILS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import io.github.camelthumbnails.rendition.Renditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests what a walk says about originals and renditions. */
class WalkTest {

    private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = T.plusSeconds(1);
    private static final Instant VERIFIED = T.plusSeconds(1000);

    private final ListedBuckets s3 = new ListedBuckets();

    @Test
    void completeMissingAndOrphanedAreToldApart() {
        s3.original("a", T).rendition("resized-a", LATER);
        s3.original("b", T);
        s3.rendition("resized-c", LATER);

        assertThat(looks(scope())).isEqualTo(Map.of("a", Look.COMPLETE, "b", Look.MISSING, "c", Look.ORPHAN));
    }

    @Test
    void whatIsFoundHasTheETagWithoutQuotesAndTheTimeOfTheOriginal() {
        s3.original("b", T).rendition("resized-a", LATER);

        assertThat(pages(scope()).get(0).keys())
                .containsExactly(
                        new Compared("a", null, null, Look.ORPHAN), new Compared("b", "etag", T, Look.MISSING));
    }

    @Test
    void renditionsAsOldAsTheOriginalAreDoubtful() {
        s3.original("same", T).rendition("resized-same", T);
        s3.original("older", T).rendition("resized-older", T.minusSeconds(1));

        assertThat(looks(scope())).isEqualTo(Map.of("same", Look.DOUBTFUL, "older", Look.DOUBTFUL));
    }

    @Test
    void renditionsThatNobodyHasVerifiedAreDoubtful() {
        s3.original("a", T).rendition("resized-a", LATER);
        s3.original("b", T).rendition("resized-b", LATER.plusSeconds(1));

        assertThat(looks(verified(null))).containsOnlyKeys("a", "b").doesNotContainValue(Look.COMPLETE);
        assertThat(looks(verified(LATER))).containsEntry("a", Look.DOUBTFUL).containsEntry("b", Look.DOUBTFUL);
        assertThat(looks(verified(LATER.plusSeconds(1))))
                .containsEntry("a", Look.COMPLETE)
                .containsEntry("b", Look.DOUBTFUL);
    }

    @Test
    void uploadsInPartsMayHaveBegunBeforeTheRenditionsWereVerified() {
        s3.put(ORIGINALS, "recent", VERIFIED.minusSeconds(24 * 3600), 1, "abc-2");
        s3.rendition("resized-recent", VERIFIED.minusSeconds(1));
        s3.put(ORIGINALS, "old", VERIFIED.minusSeconds(24 * 3600 + 1), 1, "abc-2");
        s3.rendition("resized-old", VERIFIED.minusSeconds(1));

        assertThat(looks(scope())).isEqualTo(Map.of("recent", Look.DOUBTFUL, "old", Look.COMPLETE));
    }

    @Test
    void aDeepWalkTrustsNoListing() {
        s3.original("a", T).rendition("resized-a", LATER);
        s3.original("b", T);

        assertThat(looks(new WalkScope("", null, null, VERIFIED, true, "")))
                .isEqualTo(Map.of("a", Look.DOUBTFUL, "b", Look.MISSING));
    }

    @Test
    void oldAndYoungOriginalsAreNotComparedButKeepTheirRenditions() {
        s3.original("old", T.minusSeconds(1)).rendition("resized-old", T);
        s3.original("young", LATER).rendition("resized-young", T);
        s3.original("between", T);
        s3.rendition("resized-orphan", T.minusSeconds(100));

        assertThat(looks(new WalkScope("", T, LATER, VERIFIED, false, "")))
                .isEqualTo(Map.of("young", Look.YOUNG, "between", Look.MISSING, "orphan", Look.ORPHAN));
    }

    @Test
    void youngRenditionsAreNoOrphansBecauseTheirOriginalMayBeYoung() {
        s3.rendition("resized-a", LATER).rendition("resized-b", T);

        assertThat(looks(new WalkScope("", null, LATER, VERIFIED, false, ""))).isEqualTo(Map.of("b", Look.ORPHAN));
    }

    @Test
    void foldersAreNoOriginalsAndNoRenditions() {
        s3.put(ORIGINALS, "empty/", T, 0, "any").rendition("resized-empty/", LATER);
        s3.put(ORIGINALS, "picture/", T, 5, "any");
        s3.put(THUMBNAILS, "resized-picture/", LATER, 0, "any");
        s3.put(THUMBNAILS, "resized-gone/", LATER, 0, "any");
        s3.rendition("resized-", LATER);

        assertThat(looks(scope())).isEqualTo(Map.of("picture/", Look.MISSING));
    }

    @Test
    void keysThatAreTooLongForARenditionAreSkipped() {
        s3.original("x".repeat(1016), T);
        s3.original("y".repeat(1017), T);
        s3.rendition("card/" + "z".repeat(1017), T);

        assertThat(looks(renditions("resized-{key}", "card/{key}"), scope()))
                .isEqualTo(Map.of("x".repeat(1016), Look.MISSING));
    }

    @Test
    void aWalkContinuesAfterAKeyThatIsTooLongForARendition() {
        String key = "é".repeat(512);
        s3.original(key, T).rendition("resized-" + "é".repeat(508), LATER).rendition("resized-ü", LATER);

        assertThat(looks(new WalkScope("", null, null, VERIFIED, false, key))).isEqualTo(Map.of("ü", Look.ORPHAN));
    }

    @Test
    void eachRenditionHasToBeThere() {
        s3.original("a", T).rendition("resized-a", LATER).rendition("card/a", LATER);
        s3.original("b", T).rendition("resized-b", LATER);
        s3.original("c", T).rendition("resized-c", LATER).rendition("card/c", T);
        s3.rendition("card/d", LATER).rendition("avatar/e", LATER).rendition("report.txt", T);

        assertThat(looks(renditions("resized-{key}", "card/{key}"), scope()))
                .isEqualTo(Map.of("a", Look.COMPLETE, "b", Look.MISSING, "c", Look.DOUBTFUL, "d", Look.ORPHAN));
    }

    @Test
    void renditionsWithOtherKeysAreNotListed() {
        s3.original("a.jpg", T).rendition("resized-a.jpg", LATER);
        s3.original("b.jpg", T);
        s3.rendition("c-card.jpg", LATER);

        assertThat(looks(renditions("resized-{key}", "x/{name}-card.{ext}"), scope()))
                .isEqualTo(Map.of("a.jpg", Look.DOUBTFUL, "b.jpg", Look.MISSING));
        assertThat(looks(renditions("{key}.webp"), scope()))
                .isEqualTo(Map.of("a.jpg", Look.DOUBTFUL, "b.jpg", Look.DOUBTFUL));
    }

    @Test
    void keysAreInTheOrderOfUtf8() {
        List<String> keys = List.of("a\u0001", "a b", "a%2F+", "a\uE000", "a\uFFFD", "a\uD83D\uDE00");
        keys.forEach(key -> s3.original(key, T).rendition("resized-" + key, LATER));

        assertThat(looks(scope()).values()).hasSize(keys.size()).containsOnly(Look.COMPLETE);
        assertThat(pages(scope()).get(0).keys()).extracting(Compared::key).containsExactlyElementsOf(keys);
    }

    @Test
    void listingsInAnotherOrderEndTheWalk() {
        ListedBuckets utf16 = new ListedBuckets(Comparator.naturalOrder());
        utf16.original("\uFFFD", T).original("\uD83D\uDE00", T);

        try (Walk walk = Walk.of(utf16, ORIGINALS, THUMBNAILS, renditions("resized-{key}"), scope())) {
            assertThatThrownBy(walk::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("bucket originals")
                    .hasMessageContaining("not listed in the order of their keys in UTF-8");
        }
    }

    @Test
    void directoryBucketsAreRefused() {
        Renditions renditions = renditions("resized-{key}");
        for (List<String> buckets : List.of(List.of("o--use1-az4--x-s3", "t"), List.of("o", "t--use1-az4--x-s3"))) {
            assertThatThrownBy(() -> Walk.of(s3, buckets.get(0), buckets.get(1), renditions, scope()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--x-s3 is a directory bucket");
        }
    }

    @Test
    void emptyBucketsGiveAPageThatCountsTheRequests() {
        assertThat(pages(scope())).containsExactly(new ComparedPage(List.of(), "", 2));
    }

    static Renditions renditions(String... keys) {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < keys.length; i++) {
            settings.put("renditions.r" + i, "fit:64x64 key:" + keys[i]);
        }
        String names = settings.keySet().stream()
                .map(setting -> setting.substring("renditions.".length()))
                .collect(Collectors.joining(","));
        return Renditions.parse(names, setting -> Optional.ofNullable(settings.get(setting)));
    }

    private static WalkScope scope() {
        return verified(VERIFIED);
    }

    private static WalkScope verified(Instant until) {
        return new WalkScope("", null, null, until, false, "");
    }

    private Walk walk(Renditions renditions, WalkScope scope, int pageSize) {
        return Walk.of(s3, ORIGINALS, THUMBNAILS, renditions, scope, pageSize);
    }

    private List<ComparedPage> pages(WalkScope scope) {
        List<ComparedPage> pages = new ArrayList<>();
        try (Walk walk = walk(renditions("resized-{key}"), scope, 1000)) {
            walk.forEachRemaining(pages::add);
        }
        return pages;
    }

    private Map<String, Look> looks(WalkScope scope) {
        return looks(renditions("resized-{key}"), scope);
    }

    private Map<String, Look> looks(Renditions renditions, WalkScope scope) {
        try (Walk walk = walk(renditions, scope, 1000)) {
            Map<String, Look> looks = new TreeMap<>();
            walk.forEachRemaining(page -> page.keys().forEach(compared -> looks.put(compared.key(), compared.look())));
            return looks;
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that a walk holds few keys in memory, and counts its requests. */
class WalkPagesTest {

    private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = T.plusSeconds(1);

    private final ListedBuckets s3 = new ListedBuckets();

    @Test
    void requestsAreCountedAndOnlyTheNextPageIsFetchedAhead() {
        IntStream.range(100, 150).forEach(i -> s3.original("" + i, T).rendition("resized-" + i, LATER));
        try (Walk walk = walk()) {
            ComparedPage first = walk.next();
            assertThat(first.keys()).hasSize(10);
            assertThat(first.position()).isEqualTo("109");
            assertThat(first.requests()).isLessThanOrEqualTo(4);
            assertThat(s3.requests).hasValueLessThanOrEqualTo(4);
            int requests = first.requests();
            while (walk.hasNext()) {
                requests += walk.next().requests();
            }
            assertThat(requests).isEqualTo(10);
        }
    }

    @Test
    void aThousandOrphansDoNotMakeALargePage() {
        IntStream.range(1000, 2000).forEach(i -> s3.rendition("resized-" + i, T));
        List<ComparedPage> pages = new ArrayList<>();
        try (Walk walk = walk()) {
            walk.forEachRemaining(pages::add);
        }
        assertThat(pages).allSatisfy(page -> assertThat(page.keys()).hasSizeLessThanOrEqualTo(20));
        assertThat(pages.stream().flatMap(page -> page.keys().stream())).hasSize(1000);
    }

    @Test
    void orphansCountLikeOriginals() {
        IntStream.range(1000, 1100).forEach(i -> s3.original(i + "a", T).rendition("resized-" + i + "b", T));
        try (Walk walk = walk()) {
            assertThat(walk.next().keys()).hasSize(10);
            walk.forEachRemaining(page -> assertThat(page.keys()).hasSizeLessThanOrEqualTo(10));
        }
    }

    private Walk walk() {
        WalkScope scope = new WalkScope("", null, null, LATER.plusSeconds(1), false, "");
        return Walk.of(
                s3, ListedBuckets.ORIGINALS, ListedBuckets.THUMBNAILS, WalkTest.renditions("resized-{key}"), scope, 10);
    }
}

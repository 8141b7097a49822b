// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconcileStateTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final MemoryTables tables = new MemoryTables();
    private final ReconcileState state = at(NOW);
    private final RunPosition progress = new RunPosition(
            NOW.minusSeconds(9), "page\u0001", "k\uD83D\uDE00", Map.of("missing", 3L), Instant.EPOCH, NOW);

    private ReconcileState at(Instant time) {
        return new ReconcileState(tables, "failures", Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void positionIsThatOfTheSameRun() {
        state.save("a", progress, false);

        assertThat(state.progress("a")).contains(progress);
        assertThat(state.progress("b")).isEmpty();
    }

    @Test
    void forgottenPositionIsGone() {
        state.save("a", progress, false);
        state.forget("a");

        assertThat(state.progress("a")).isEmpty();
        assertThat(tables.table("failures")).isEmpty();
    }

    @Test
    void itemsLookLikeNoFailureAndExpire() {
        state.save("a", progress, false);
        state.saveFindings(Map.of("missing", 1L));

        assertThat(tables.table("failures")).hasSize(2).allSatisfy((name, item) -> {
            assertThat(name).startsWith("camel-thumbnails-reconcile");
            assertThat(item).doesNotContainKey("reason");
            assertThat(item.get("expiresAt").n())
                    .isEqualTo(Long.toString(NOW.plus(Duration.ofDays(30)).getEpochSecond()));
        });
        ReconcileState later = at(NOW.plus(Duration.ofDays(31)));
        assertThat(later.progress("a")).isEmpty();
        assertThat(later.findings()).isEqualTo(LastFindings.NONE);
    }

    @Test
    void positionOfADryRunIsValidForADay() {
        state.save("a", progress, true);

        assertThat(at(NOW.plus(Duration.ofHours(23))).progress("a")).contains(progress);
        assertThat(at(NOW.plus(Duration.ofHours(25))).progress("a")).isEmpty();
    }

    @Test
    void failureOfAnOriginalWithTheSameKeyIsKept() {
        tables.put("failures", "camel-thumbnails-reconcile-a", "reason", "CorruptImage", "eTag", "e");

        state.save("a", progress, false);
        assertThat(state.progress("a")).contains(progress);
        state.forget("a");

        assertThat(state.progress("a")).isEmpty();
        assertThat(tables.item("failures", "camel-thumbnails-reconcile-a")).containsKeys("reason", "eTag");
    }

    @Test
    void findingsAreThoseOfTheLastRun() {
        assertThat(state.findings()).isEqualTo(LastFindings.NONE);

        state.saveFindings(Map.of("missing", 1L));
        state.saveFindings(Map.of("missing", 0L, "stale", 2L));

        assertThat(state.findings()).isEqualTo(new LastFindings(NOW, Map.of("missing", 0L, "stale", 2L)));
    }

    @Test
    void nothingIsVerifiedWithOtherSettings() {
        assertThat(state.verifiedUntil("hash")).isNull();

        state.saveVerified(NOW, "hash");
        state.saveFindings(Map.of());

        assertThat(state.verifiedUntil("hash")).isEqualTo(NOW);
        assertThat(state.verifiedUntil("other")).isNull();
    }
}

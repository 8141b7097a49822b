// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.reconcile.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {

    /** Makes findings of the letters c (complete) and m (missing). */
    private static List<Finding> findings(String letters) {
        List<Finding> findings = new ArrayList<>();
        for (char letter : letters.toCharArray()) {
            findings.add(new Finding("k" + findings.size(), "e", letter == 'm' ? Kind.MISSING : Kind.COMPLETE));
        }
        return findings;
    }

    /** Describes each batch by the number of its findings and its events. */
    private static List<String> cut(String letters, long allowed) {
        List<String> sizes = new ArrayList<>();
        Batches batches = new Batches(findings(letters), Finding::isGap, allowed);
        batches.forEachRemaining(batch ->
                sizes.add(batch.findings().size() + " " + batch.events().size()));
        if (!batches.isAtEnd()) {
            sizes.add("limited");
        }
        return sizes;
    }

    @Test
    void batchHasAtMostTenEventsAndAnyNumberOfFindings() {
        assertThat(cut("mcccm".repeat(12), Long.MAX_VALUE)).containsExactly("25 10", "25 10", "10 4");
        assertThat(cut("m".repeat(10) + "ccc", Long.MAX_VALUE)).containsExactly("13 10");
    }

    @Test
    void pageWithoutGapsIsOneBatch() {
        assertThat(cut("c".repeat(1000), 0)).containsExactly("1000 0");
        assertThat(cut("", 5)).isEmpty();
    }

    @Test
    void limitIsNeverExceeded() {
        assertThat(cut("cmcmcmcm", 2)).containsExactly("5 2", "limited");
        assertThat(cut("m".repeat(25), 12)).containsExactly("10 10", "2 2", "limited");
        assertThat(cut("m", 0)).containsExactly("limited");
    }

    @Test
    void limitThatIsJustEnoughIsNone() {
        assertThat(cut("mmcc", 2)).containsExactly("4 2");
        assertThat(cut("m".repeat(10), 10)).containsExactly("10 10");
    }
}

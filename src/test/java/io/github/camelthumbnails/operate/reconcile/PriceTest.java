// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.rendition.Renditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PriceTest {

    private static final long MILLION = 1_000_000;

    private final Price one = new Price(1, 1);

    private static ReconcileOptions options(boolean dryRun, String inventory) {
        return new ReconcileOptions("", null, null, false, false, inventory, dryRun, 10_000, 50, 1000, false);
    }

    @Test
    void pricesAreThoseOfTheRequests() {
        assertThat(one.listing(MILLION)).isCloseTo(2000 * 0.000005, within(1e-9));
        assertThat(one.items(MILLION)).isCloseTo(0.0625, within(1e-9));
        assertThat(one.events(MILLION)).isCloseTo(0.84 + 0.80 + 5 + 0.625, within(1e-6));
        assertThat(new Price(4, 2).listing(MILLION)).isCloseTo(3000 * 0.000005, within(1e-9));
        assertThat(new Price(4, 2).events(MILLION)).isCloseTo(0.84 + 0.80 + 20 + 1.25, within(1e-6));
    }

    @Test
    void renditionsOfOtherKeyPatternsAreNotListed() {
        Map<String, String> settings =
                Map.of("renditions.thumbnail", "scale:0.5", "renditions.card", "fit:640x480 key:cards/{key}.webp");
        Renditions renditions = Renditions.parse("thumbnail,card", name -> Optional.ofNullable(settings.get(name)));

        assertThat(Price.of(renditions).listing(MILLION)).isEqualTo(one.listing(MILLION));
        assertThat(Price.of(renditions).events(MILLION)).isEqualTo(new Price(2, 1).events(MILLION));
    }

    @Test
    void operatorIsToldTheMaximum() {
        assertThat(one.describe(options(false, null)))
                .isEqualTo("Each million originals costs about $0.01 to list, and up to $0.13 to look up in the tables."
                        + " Up to 10,000 events cost about $0.07 in requests (up to twice as much after a change of the"
                        + " renditions), and the CPU time of the workers."
                        + " (List prices of us-east-1)");
        assertThat(one.describe(options(true, null)))
                .contains("To fill a million gaps costs about $7.27 in requests (up to twice as much")
                .doesNotContain("events");
        assertThat(one.describe(options(true, "manifest.json"))).doesNotContain("list,");
    }

    /** Workers make the renditions of items with other settings twice. */
    @Test
    void staleGapsAreCountedTwice() {
        assertThat(one.ofGaps(MILLION, 2 * MILLION))
                .contains("Events for all gaps (3,000,000) cost up to $36 in requests,"
                        + " and the CPU time of the workers. (List prices of us-east-1)");
        assertThat(one.ofGaps(0, 0)).isEmpty();
    }

    @Test
    void priceIsNeverNothing() {
        assertThat(Stream.of(0.0, 0.00001, 1.234, 9.994, 9.996, 12_345.6).map(Price::format))
                .containsExactly("$0.00", "$0.01", "$1.23", "$9.99", "$10", "$12,346");
    }

    @Test
    void tableInTheDocsIsCurrent() throws IOException {
        String docs = Files.readString(Path.of("docs/repair.md"));
        for (int renditions : List.of(1, 3)) {
            Price price = new Price(renditions, renditions);
            for (long millions : List.of(1L, 100L, 1000L)) {
                long originals = millions * MILLION;
                assertThat(docs)
                        .contains(String.format(
                                Locale.ROOT,
                                "| %,d M | %d | %s | %s | %s | %s |",
                                millions,
                                renditions,
                                Price.format(price.listing(originals)),
                                Price.format(price.items(originals)),
                                Price.format(price.failures(originals)),
                                Price.format(price.events(originals))));
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.Operation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter err = new StringWriter();

    private Terminal terminal(int columns) {
        return new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err, true), true, columns);
    }

    @Test
    void barIsShownIfTheEndIsKnown() {
        Operation operation = new Operation("redrive", false, List.of("moved", "stayed", "unreadable"));
        operation.count("moved", 30);
        operation.count("stayed", 20);
        operation.reached("a\u001bb");
        try (Progress progress = new Progress(operation, terminal(80), 100)) {
            assertThat(progress.line(operation.startedAt().plusSeconds(10)))
                    .isEqualTo(
                            "redrive [############            ] 3/s at a\\u001Bb: moved 30, stayed 20, unreadable 0");
        }
    }

    @Test
    void lineFitsIntoOneRowOfTheTerminal() {
        Operation operation = new Operation("reconcile", false, List.of());
        for (String counter : List.of("originals", "complete", "missing", "stale", "orphans", "listRequests")) {
            operation.count(counter, 1_000_000);
        }
        operation.reached("photos/2026/\u5199\u771f.jpg".repeat(5));
        try (Progress progress = new Progress(operation, terminal(80), 0)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> err.toString().contains("originals"));
        }

        String[] lines = err.toString().split("\r\u001b\\[K");
        assertThat(Arrays.stream(lines).filter(line -> !line.isEmpty()))
                .isNotEmpty()
                .allSatisfy(line -> {
                    assertThat(line)
                            .contains("/s at photos/2026/", ": originals 1000000")
                            .endsWith("...");
                    assertThat(columns(line)).isBetween(70L, 79L);
                });
    }

    private static long columns(String line) {
        return line.chars().map(c -> c < 0x1100 ? 1 : 2).sum();
    }

    @Test
    void cutKeepsWholeCharacters() {
        assertThat(Progress.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Progress.cut("abcdefg", 6)).isEqualTo("abc...");
        assertThat(Progress.cut("ab\uD83D\uDE00cde", 6)).isEqualTo("ab...");
        assertThat(Progress.cut("a\uD83D\uDE00cdef", 6)).isEqualTo("a\uD83D\uDE00...");
    }
}

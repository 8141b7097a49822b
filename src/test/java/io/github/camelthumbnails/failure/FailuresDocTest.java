// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the tables in docs/failures.md with the code. */
class FailuresDocTest {

    private final String page = Files.readString(Path.of("docs/failures.md"));

    FailuresDocTest() throws IOException {}

    @Test
    void tablesOfReasonsMatchTheCode() {
        assertThat(page).contains(table(true)).contains(table(false));
    }

    @Test
    void tableOfErrorCodesMatchesTheCode() {
        String list = Arrays.stream(FailureReason.values())
                .filter(reason -> !reason.errorCodes().isEmpty())
                .map(reason -> "| `" + reason + "` | "
                        + reason.errorCodes().stream()
                                .map(code -> "`" + code + "`")
                                .collect(Collectors.joining(", "))
                        + " |\n")
                .collect(Collectors.joining());
        assertThat(page).contains("| reason | error codes of AWS |\n| --- | --- |\n" + list);
    }

    private static String table(boolean permanent) {
        List<String> rows = Arrays.stream(FailureReason.values())
                .filter(reason -> reason.isPermanent() == permanent)
                .map(reason -> "| `" + reason + "` | " + reason.meaning() + " |\n")
                .toList();
        return "| reason | meaning |\n| --- | --- |\n" + String.join("", rows);
    }
}

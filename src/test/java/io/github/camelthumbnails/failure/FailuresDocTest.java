// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the lists in docs/failures.md with the code. */
class FailuresDocTest {

    /** The page, with each item of a list on one line. */
    private final String page = Files.readString(Path.of("docs/failures.md")).replaceAll("\n +", " ");

    FailuresDocTest() throws IOException {}

    @Test
    void listsOfReasonsAreThoseOfTheCode() {
        assertThat(page).contains(reasons(true)).contains(reasons(false));
    }

    @Test
    void listOfErrorCodesIsThatOfTheCode() {
        assertThat(page)
                .contains(list(
                        reason -> !reason.errorCodes().isEmpty(),
                        reason -> reason.errorCodes().stream()
                                .map(code -> "`" + code + "`")
                                .collect(Collectors.joining(", "))));
    }

    /** The page names the exceptions among the permanent reasons. */
    @Test
    void redriveRetriesByDefaultWhatIsNotThePicturesFault() {
        assertThat(page).contains("and `AccessDenied` and `RequestRefused`, which are over once");
        assertThat(FailureReason.values())
                .filteredOn(reason -> !reason.isPictureAtFault())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FailureReason.values())
                        .filter(reason -> !reason.isPermanent()
                                || reason == FailureReason.AccessDenied
                                || reason == FailureReason.RequestRefused)
                        .toList());
    }

    private static String reasons(boolean permanent) {
        return list(reason -> reason.isPermanent() == permanent, FailureReason::meaning);
    }

    /** Returns a whole list, so that an item too many in the page fails as well. */
    private static String list(Predicate<FailureReason> filter, Function<FailureReason, String> text) {
        return Arrays.stream(FailureReason.values())
                .filter(filter)
                .map(reason -> "- `" + reason + "`: " + text.apply(reason) + "\n")
                .collect(Collectors.joining("", "\n\n", "\n"));
    }
}

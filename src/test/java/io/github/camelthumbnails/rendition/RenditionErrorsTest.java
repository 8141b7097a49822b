// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that invalid settings are rejected, with the messages in the resource rendition-errors.txt. */
class RenditionErrorsTest {

    /** Reads lines of settings, each followed by an indented line with the message and by an empty line. */
    static Stream<Arguments> errors() throws IOException {
        try (var file = RenditionErrorsTest.class.getResourceAsStream("/rendition-errors.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n")).map(error -> {
                String[] lines = error.split("\n");
                return Arguments.of(lines[0], lines[1].strip());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void invalidSettingIsRejected(String settings, String message) {
        String all = settings.startsWith("renditions=") ? settings : "renditions=card;" + settings;
        assertThatThrownBy(() -> RenditionsTest.parse(all))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message)
                .hasNoCause(); // whose message alone would be printed at start-up
    }
}

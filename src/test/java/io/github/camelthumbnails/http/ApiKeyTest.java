// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

    private final ApiKey apiKey = new ApiKey(true, List.of("the-old-key-of-2025", "the-new-key-of-2026"));

    @ParameterizedTest
    @ValueSource(strings = {"the-old-key-of-2025", "the-new-key-of-2026"})
    void eachConfiguredKeyIsValid(String key) {
        assertThat(apiKey.isValid(key)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "the-new-key-of-202",
                "the-new-key-of-2026 ",
                "THE-NEW-KEY-OF-2026",
                "the-old-key-of-2025,the-new-key-of-2026"
            })
    void otherKeysAreNotValid(String key) {
        assertThat(apiKey.isValid(key)).isFalse();
    }

    @Test
    void noKeyIsValidIfNoneIsConfigured() {
        assertThat(new ApiKey(true, List.of()).isValid("")).isFalse();
        assertThat(new ApiKey(true, List.of()).isValid(null)).isFalse();
    }
}

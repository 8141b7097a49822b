// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.heif.HeifHeader.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LibHeifMissingTest {

    @Test
    void missingLibraryGivesAnEmptyResult() {
        assertThat(LibHeif.load("no-such-heif")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void errorNamesTheFormatAndThePackage(Kind kind) {
        assertThat(LibHeif.missing(kind)).hasMessageContaining(kind.name()).hasMessageContaining("libheif1");
    }
}

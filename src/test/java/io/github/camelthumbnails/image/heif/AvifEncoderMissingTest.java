// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AvifEncoderMissingTest {

    @Test
    void missingLibraryGivesAnEmptyResult() {
        assertThat(AvifEncoder.load(() -> AvifEncoder.load("no-such-heif"))).isEmpty();
    }

    @Test
    void libraryWithoutTheFunctionsGivesAnEmptyResult() {
        assertThat(AvifEncoder.load(() -> AvifEncoder.load("m"))).isEmpty();
    }

    @Test
    void messageNamesThePackages() {
        assertThat(AvifEncoder.HOW_TO_INSTALL).contains("libheif1", "libheif-plugin-aomenc");
    }
}

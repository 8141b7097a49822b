// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OriginalFormatTest {

    static List<OriginalFormat> formats() {
        return OriginalFormat.all();
    }

    /** HEIC and AVIF have one codec. */
    @ParameterizedTest
    @MethodSource("formats")
    void formatIsAvailableIfItsCodecIs(OriginalFormat format) {
        CodecSamples samples = CodecSamples.all()
                .filter(one -> one.codec().originalFormats().contains(format))
                .findFirst()
                .orElseThrow();

        assertThat(format.available()).isEqualTo(samples.missingLibrary().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void oneMediaTypeIsThatOfTheEncodedFormat(OriginalFormat format) {
        for (ImageFormat encoded : ImageFormat.values()) {
            if (encoded.name().equalsIgnoreCase(format.name())) {
                assertThat(format.contentTypes()).contains(encoded.contentType());
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AVIF")
    void formatIsDetectedFromTheStartOfAFile(ImageFormat format) {
        byte[] file = Pictures.noise(format, 40, 40);
        assertThat(file).hasSizeGreaterThan(Codec.START_BYTES);

        assertThat(Pictures.format(Arrays.copyOf(file, Codec.START_BYTES))).contains(format);
    }

    @ParameterizedTest
    @CsvSource({"0, heic, true", "63, heic, true", "64, heic, false", "5, avif, true", "63, avif, true"})
    void heifBrandsAreDetectedFromTheStartOfAFile(int others, String brand, boolean known) {
        String brands = "isom".repeat(others) + brand + "isom".repeat(1000);
        String file = "\0\0\u0020\0ftypisom\0\0\0\0" + brands;
        byte[] bytes = file.getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Codecs.STANDARD.find(bytes).isPresent()).isEqualTo(known);
        assertThat(Codecs.STANDARD.find(Arrays.copyOf(bytes, Codec.START_BYTES)).isPresent())
                .isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "B",
                "BM is how this text begins",
                "RIFF1234WAVE",
                "GIF88a",
                "%PDF-1.7",
                "<svg/>",
                "\0\0\0\u0018ftypheic\0\0\0\0",
                "\0\0\0\u0018ftypavif\0\0\0\0"
            })
    void otherFilesHaveNoFormat(String content) {
        assertThat(Pictures.format(content.getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Test
    void bigEndianTiffIsDetected() {
        assertThat(Pictures.format(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8})).contains(ImageFormat.TIFF);
    }
}

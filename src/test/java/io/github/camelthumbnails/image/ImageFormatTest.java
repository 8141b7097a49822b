// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {

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
    void otherFilesAreNoPictures(String content) {
        assertThat(ImageFormat.of(content.getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Test
    void bigEndianTiffIsTiff() {
        assertThat(ImageFormat.of(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8})).contains(ImageFormat.TIFF);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.jna.Memory;
import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeifErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "2, 100, java.io.IOException, cannot read the HEIC picture: the message",
        "7, 0, java.io.IOException, cannot read the HEIC picture: the message",
        "3, 0, UnsupportedImageException, cannot read this kind of HEIC: the message",
        "4, 3003, UnsupportedImageException, cannot read this kind of HEIC: the message",
        "4, 3000, UnsupportedImageException, coded as HEVC",
        "4, 3000, UnsupportedImageException, libde265",
        "11, 6001, UnsupportedImageException, libheif-plugin-libde265",
        "6, 0, java.lang.OutOfMemoryError, the message",
        "6, 1000, TooManyPixelsException, the message",
    })
    void errorCodeIsTranslatedToAnException(int code, int subcode, String type, String message) throws Exception {
        HeifHeader header = HeifHeader.read(HeifFile.resource("plain.heic"));
        try (Memory text = new Memory(100)) {
            text.setString(0, "the message");

            Throwable thrown = catchThrowable(() -> HeifErrors.check(code, subcode, text, header));

            assertThat(thrown.getClass().getName()).endsWith(type);
            assertThat(thrown).hasMessageContaining(message);
        }
    }

    @Test
    void errorNamesTheMissingAvifDecoder() throws Exception {
        HeifHeader header = HeifHeader.read(HeifFile.resource("plain.avif"));

        Throwable thrown = catchThrowable(() -> HeifErrors.check(4, 3000, null, header));

        assertThat(thrown)
                .isInstanceOf(UnsupportedImageException.class)
                .hasMessageContaining("AV1")
                .hasMessageContaining("libheif-plugin-dav1d");
    }

    @Test
    void successThrowsNothing() throws IOException {
        HeifHeader header = HeifHeader.read(HeifFile.resource("plain.heic"));

        assertThatCode(() -> HeifErrors.check(0, 0, null, header)).doesNotThrowAnyException();
    }
}

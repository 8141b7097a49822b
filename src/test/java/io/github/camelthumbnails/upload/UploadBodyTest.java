// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadBodyTest {

    private final UploadBody body = new UploadBody(1000);

    @Test
    void lengthUpToTheLimitIsTaken() throws Exception {
        assertThat(body.length("1000", null)).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({", , 400", "0, , 400", ", chunked, 411", "1001, , 413", "99999999999999999999, , 400", "-1, , 400"})
    void otherLengthsAreRefused(String contentLength, String transferEncoding, int status) {
        assertThatExceptionOfType(UploadRefusedException.class)
                .isThrownBy(() -> body.length(contentLength, transferEncoding))
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.http.RequestRefusedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadBodyTest {

    private final UploadBody body =
            new UploadBody(1000, Duration.ZERO, new UploadSlots(1, 0), new UploadSlots(1, 0), 0);

    @Test
    void lengthUpToTheLimitIsAccepted() throws Exception {
        assertThat(body.parseLength("1000", false)).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        ", false, 400",
        "0, false, 400",
        "0, true, 400",
        "1001, true, 413",
        "99999999999999999999, false, 400",
        "-1, false, 400"
    })
    void missingInvalidOrTooLargeLengthIsRefused(String contentLength, boolean isChunked, int status) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> body.parseLength(contentLength, isChunked))
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.AbortableInputStream;

class OriginalBodyTest {

    private static final byte[] BYTES = new byte[1000];

    private final AtomicBoolean aborted = new AtomicBoolean();
    private final ByteArrayInputStream bytes = new ByteArrayInputStream(BYTES);
    private final AbortableInputStream body = AbortableInputStream.create(bytes, () -> aborted.set(true));

    @Test
    void objectIsReadCompletely() throws Exception {
        assertThat(new OriginalBody(1000).read(body, 1000)).hasSize(1000);
        assertThat(aborted).isFalse();
    }

    @Test
    void tooLargeObjectIsNotRead() {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> new OriginalBody(999).read(body, 1000))
                .withMessage("The object has 1000 bytes, more than the limit of 999 (image.maxBytes)")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyBytes));
        assertThat(bytes.available()).isEqualTo(1000);
        assertThat(aborted).isTrue();
    }

    @Test
    void truncatedObjectIsALostConnection() {
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> new OriginalBody(2000).read(body, 1001))
                .withMessage("the object ended after 1000 of 1001 bytes");
        assertThat(aborted).isTrue();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;

class ObjectStreamTest {

    private final ObjectStream stream =
            new ObjectStream(new ResponseInputStream<>("response", AbortableInputStream.create(new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new SocketException("Connection reset");
                }
            })));

    @Test
    void errorOfS3IsToldApartFromOneOfTheClient() {
        assertThatThrownBy(stream::read)
                .isInstanceOf(InterruptedDownloadException.class)
                .hasMessage("S3 has broken off the object: Connection reset");
    }

    @Test
    void abortedStreamEndsWithoutAnError() throws Exception {
        stream.abort();

        assertThat(stream.read()).isEqualTo(-1);
        assertThat(stream.available()).isZero();
    }
}

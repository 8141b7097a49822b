// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.camel.Header;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import software.amazon.awssdk.http.Abortable;

/** Reads an original from S3 into memory: of bounded size and in bounded time. */
public final class OriginalBody {

    /** For all of it. The SDK's own time-out is for each packet, so an endless trickle would pass it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int CHUNK_BYTES = 256 * 1024;

    private final int maxBytes;

    /** @param maxBytes the largest object to read */
    public OriginalBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads all of it.
     *
     * @param body what S3 answered; it is closed
     * @param length of the object in bytes, as S3 says
     * @throws UnusableImageException if the object is too large; none of it is read
     * @throws IOException if the connection is lost or too slow
     */
    public byte[] read(InputStream body, @Header(AWS2S3Constants.CONTENT_LENGTH) long length)
            throws UnusableImageException, IOException {
        boolean complete = false;
        try {
            if (length > maxBytes) {
                throw new UnusableImageException(
                        Reason.TooManyBytes,
                        "The object has " + length + " bytes: at most " + maxBytes + " are taken (image.maxBytes)",
                        null);
            }
            byte[] bytes = new byte[(int) length];
            long start = System.nanoTime();
            for (int position = 0; position < bytes.length; ) {
                int count = body.read(bytes, position, Math.min(CHUNK_BYTES, bytes.length - position));
                if (count < 0) {
                    throw new EOFException("the object ended after " + position + " of " + length + " bytes");
                }
                if (System.nanoTime() - start > TIMEOUT.toNanos()) {
                    throw new SocketTimeoutException("the object did not come in " + TIMEOUT.toSeconds() + " s");
                }
                position += count;
            }
            complete = body.read() < 0; // the SDK compares the checksum at the end
            if (!complete) {
                throw new IOException("the object is longer than " + length + " bytes");
            }
            return bytes;
        } finally {
            if (!complete && body instanceof Abortable connection) {
                connection.abort(); // to close it would first read the rest
            }
            body.close();
        }
    }
}

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

/** Reads an original from S3 into memory, with a size limit and a timeout for the whole object. */
public final class OriginalBody {

    /** Timeout for the whole object. The SDK's timeout applies to each read, so it would not stop an endless trickle. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int CHUNK_BYTES = 256 * 1024;

    private final int maxBytes;

    /**
     * Creates a reader with a size limit.
     *
     * @param maxBytes the maximum size of an object
     */
    public OriginalBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads an object and closes its stream.
     *
     * @param body the response body of GetObject
     * @param length the content length of the response
     * @throws UnusableImageException if the object is too large; nothing is read then
     * @throws IOException if the connection is lost or too slow
     */
    public byte[] read(InputStream body, @Header(AWS2S3Constants.CONTENT_LENGTH) long length)
            throws UnusableImageException, IOException {
        boolean complete = false;
        try {
            if (length > maxBytes) {
                throw new UnusableImageException(
                        Reason.TooManyBytes,
                        "The object has " + length + " bytes, more than the limit of " + maxBytes + " (image.maxBytes)",
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
                    throw new SocketTimeoutException(
                            "the object was not received within " + TIMEOUT.toSeconds() + " s");
                }
                position += count;
            }
            complete = body.read() < 0; // the SDK verifies the checksum at the end of the stream
            if (!complete) {
                throw new IOException("the object is longer than " + length + " bytes");
            }
            return bytes;
        } finally {
            if (!complete && body instanceof Abortable connection) {
                connection.abort(); // otherwise close() would read the rest of the object
            }
            body.close();
        }
    }
}

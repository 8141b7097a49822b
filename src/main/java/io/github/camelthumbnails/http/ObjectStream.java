// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * Streams an object from S3 to a client. If the client disconnects, the stream ends as if it were complete, without an
 * error. If S3 breaks the object off, its methods throw an {@link InterruptedDownloadException}.
 */
final class ObjectStream extends FilterInputStream {

    private final ResponseInputStream<?> object;
    private volatile boolean aborted;

    ObjectStream(ResponseInputStream<?> object) {
        super(object);
        this.object = object;
    }

    /** Ends the stream because the client has disconnected, and releases the connection to S3. */
    void abort() {
        aborted = true;
        object.abort();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int available() throws IOException {
        try {
            return aborted ? 0 : super.available();
        } catch (IOException | RuntimeException e) {
            if (aborted) {
                return 0;
            }
            throw new InterruptedDownloadException(e);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return aborted ? -1 : super.read(target, offset, length);
        } catch (IOException | RuntimeException e) {
            if (aborted) {
                return -1;
            }
            throw new InterruptedDownloadException(e);
        }
    }
}

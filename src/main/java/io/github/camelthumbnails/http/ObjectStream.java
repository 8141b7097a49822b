// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/** An object on its way from S3 to a client, who may leave: then it ends, and that is no error. */
final class ObjectStream extends FilterInputStream {

    private final ResponseInputStream<?> object;
    private volatile boolean left;

    ObjectStream(ResponseInputStream<?> object) {
        super(object);
        this.object = object;
    }

    /** Gives the connection to S3 free. */
    void leave() {
        left = true;
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
            return left ? 0 : super.available();
        } catch (IOException e) {
            if (left) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return left ? -1 : super.read(target, offset, length);
        } catch (IOException e) {
            if (left) {
                return -1;
            }
            throw e;
        }
    }
}

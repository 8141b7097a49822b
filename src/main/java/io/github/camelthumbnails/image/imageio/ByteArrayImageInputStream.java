// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.imageio;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Lets an ImageIO reader read a byte array without copying it. Reads fail once the decode is cancelled, which also
 * stops a reader that is caught in an endless loop on a broken file.
 */
public final class ByteArrayImageInputStream extends ImageInputStreamImpl {

    private final byte[] file;
    private final BooleanSupplier cancelled;

    /**
     * Creates a stream of a file.
     *
     * @param file the bytes of the file
     * @param cancelled returns true to make all further reads fail
     */
    public ByteArrayImageInputStream(byte[] file, BooleanSupplier cancelled) {
        this.file = file;
        this.cancelled = cancelled;
    }

    @Override
    public int read() throws IOException {
        prepareRead();
        return streamPos >= file.length ? -1 : file[(int) streamPos++] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        prepareRead();
        if (length == 0) {
            return 0;
        }
        if (streamPos >= file.length) {
            return -1;
        }
        int count = (int) Math.min(length, file.length - streamPos);
        System.arraycopy(file, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    private void prepareRead() throws IOException {
        checkClosed();
        bitOffset = 0;
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("took too long");
        }
    }

    @Override
    public long length() {
        return file.length;
    }
}

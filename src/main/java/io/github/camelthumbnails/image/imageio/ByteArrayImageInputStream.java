// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.imageio;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory for an image reader, without the copy that ImageIO would make, and with a way to stop the reader: one that
 * goes round in circles on a broken file still asks for bytes.
 */
public final class ByteArrayImageInputStream extends ImageInputStreamImpl {

    private final byte[] file;
    private final BooleanSupplier cancelled;

    /**
     * @param file the bytes
     * @param cancelled whether to let the reader have no more of them
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

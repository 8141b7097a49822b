// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import io.github.camelthumbnails.image.FrameReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Adapts {@link WebpAnimationReader} to {@link FrameReader}, and stops when the decode is cancelled. */
final class WebpFrameReader implements FrameReader {

    private final WebpAnimationReader reader;
    private final BooleanSupplier cancelled;
    private int delayMillis;

    WebpFrameReader(WebpAnimationReader reader, BooleanSupplier cancelled) {
        this.reader = reader;
        this.cancelled = cancelled;
    }

    @Override
    public BufferedImage next() throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("took too long");
        }
        if (!reader.hasNext()) {
            return null;
        }
        WebpAnimationReader.Frame frame = reader.next();
        delayMillis = frame.durationMillis();
        return frame.image();
    }

    @Override
    public int delayMillis() {
        return delayMillis;
    }

    @Override
    public int plays() {
        return reader.loops();
    }

    @Override
    public void close() {
        reader.close();
    }
}

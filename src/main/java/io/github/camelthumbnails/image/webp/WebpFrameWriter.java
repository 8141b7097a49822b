// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import io.github.camelthumbnails.image.FrameWriter;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;

/** Adapts {@link WebpAnimationWriter} to {@link FrameWriter}. */
final class WebpFrameWriter implements FrameWriter {

    /** Maximum number of plays that fits into the file. */
    private static final int MAX_PLAYS = 0xFFFF;

    private final Dimension size;
    private final double quality;
    private final boolean lossless;
    private WebpAnimationWriter writer;

    WebpFrameWriter(Dimension size, double quality, boolean lossless) {
        this.size = size;
        this.quality = quality;
        this.lossless = lossless;
    }

    @Override
    public void add(BufferedImage frame, int delayMillis, int plays) throws IOException {
        if (writer == null) { // created late, because it needs the number of plays
            writer = new WebpAnimationWriter(size.width, size.height, Math.min(plays, MAX_PLAYS), quality, lossless);
        }
        writer.add(frame, delayMillis);
    }

    @Override
    public byte[] finish(int plays, Optional<byte[]> profile) throws IOException {
        if (writer == null) {
            throw new IOException("there is no frame");
        }
        return WebpCodec.withProfile(writer.finish(), profile, size);
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}

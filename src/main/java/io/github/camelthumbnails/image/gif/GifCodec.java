// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.Signature;
import java.awt.Dimension;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/** GIF, which stays animated. */
public final class GifCodec implements OutputCodec {

    private static final Signature GIF87A = new Signature("47 49 46 38 37 61");
    private static final Signature GIF89A = new Signature("47 49 46 38 39 61");

    /** Bytes for each pixel of all frames of a thumbnail: it compresses badly, and is in memory three times while it grows. */
    private static final double BYTES_PER_WRITTEN_PIXEL = 4.5;

    /** Bytes for each frame: its colours, and what the reader remembers of it. */
    private static final int BYTES_PER_FRAME = 3000;

    /** Three frames are held, before and after each step of the resizing. */
    private static final int THUMBNAIL_BYTES = 6 * Integer.BYTES;

    /** Takes no settings. */
    public GifCodec() {}

    @Override
    public String name() {
        return "GIF";
    }

    @Override
    public String contentType() {
        return "image/gif";
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.matchesAny(file, GIF87A, GIF89A);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        GifBlocks blocks = new GifBlocks(file);
        long area = (long) blocks.screenWidth() * blocks.screenHeight();
        int width = blocks.screenWidth();
        int height = blocks.screenHeight();
        long frames = 0;
        boolean restores = false;
        while (frames * area <= ANIMATION_FACTOR * maxPixels && blocks.next()) {
            if (frames > 0 && (blocks.width() == 0 || blocks.height() == 0)) {
                break; // the animation ends here, as in browsers
            }
            frames++;
            if (blocks.width() == 0 || blocks.height() == 0) {
                throw new IOException("a frame has " + blocks.width() + " x " + blocks.height() + " pixels");
            }
            if (width == 0 || height == 0) { // the first frame is the screen
                width = blocks.width();
                height = blocks.height();
            }
            area = Math.max(area, (long) blocks.width() * blocks.height());
            restores |= blocks.isRestored();
        }
        if (frames == 0) {
            throw new IOException("no frame");
        }
        // The screen, a frame, and what is below a frame that is to be restored.
        int bytesPerPixel = Integer.BYTES + 1 + (restores ? Integer.BYTES : 0);
        long beyondScreen = bytesPerPixel * (area - (long) width * height);
        return new ImageHeader(
                width,
                height,
                frames,
                Math.max(area, frames * area / ANIMATION_FACTOR),
                Orientation.TOP_LEFT,
                new ImageHeader.Need(
                        bytesPerPixel,
                        0,
                        THUMBNAIL_BYTES,
                        beyondScreen + frames * BYTES_PER_FRAME,
                        BYTES_PER_WRITTEN_PIXEL * frames),
                new ImageHeader.Traits(frames > 1, true, true));
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        return new GifFrames(file, cancelled);
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, Options options) throws IOException {
        return new GifWriter(size.width, size.height);
    }
}

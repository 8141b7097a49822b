// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OriginalFormat;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Decodes and encodes GIF. The thumbnail of an animation is animated. */
public final class GifCodec implements Codec, OutputCodec {

    private static final Signature GIF87A = new Signature("47 49 46 38 37 61");
    private static final Signature GIF89A = new Signature("47 49 46 38 39 61");

    /**
     * Bytes per encoded pixel: small pictures compress poorly, and while the file grows, up to three copies of it are in
     * memory.
     */
    private static final double BYTES_PER_WRITTEN_PIXEL = 4.5;

    /** Bytes per frame: its colour table, and what the reader keeps of it. */
    private static final int BYTES_PER_FRAME = 3000;

    /** Bytes per pixel of a rendition: resizing holds three frames, before and after each step. */
    private static final int RENDITION_BYTES = 6 * Integer.BYTES;

    /** Maximum width and height that fit into the file. */
    private static final int MAX_SIDE = 0xFFFF;

    /** Creates the codec, which has no state. */
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
    public List<OriginalFormat> originalFormats() {
        return List.of(OriginalFormat.of(name(), "image/gif", "gif"));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.GIF;
    }

    @Override
    public boolean hasAlpha() {
        return true;
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        return Memory.onHeap((long) ((RENDITION_BYTES + BYTES_PER_WRITTEN_PIXEL * frames) * size.width * size.height));
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
        boolean disposesToPrevious = false;
        while (frames * area <= ANIMATION_FACTOR * maxPixels && blocks.next()) {
            if (frames > 0 && (blocks.width() == 0 || blocks.height() == 0)) {
                break; // an empty frame ends the animation, as in browsers
            }
            frames++;
            if (blocks.width() == 0 || blocks.height() == 0) {
                throw new IOException("a frame has " + blocks.width() + " x " + blocks.height() + " pixels");
            }
            if (width == 0 || height == 0) { // the first frame determines the size of the screen
                width = blocks.width();
                height = blocks.height();
            }
            area = Math.max(area, (long) blocks.width() * blocks.height());
            disposesToPrevious |= blocks.disposesToPrevious();
        }
        if (frames == 0) {
            throw new IOException("the file has no frame");
        }
        // The screen, a frame, and a copy of the screen below a frame that is restored later.
        int bytesPerPixel = Integer.BYTES + 1 + (disposesToPrevious ? Integer.BYTES : 0);
        long bytesOutsideScreen = bytesPerPixel * (area - (long) width * height);
        return new ImageHeader(
                width,
                height,
                frames,
                Math.max(area, frames * area / ANIMATION_FACTOR),
                Orientation.TOP_LEFT,
                new ImageHeader.Need(bytesPerPixel, 0, bytesOutsideScreen + frames * BYTES_PER_FRAME),
                new ImageHeader.Traits(frames > 1, true, true, false));
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        return new GifFrames(file, cancelled);
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Options options)
            throws IOException {
        OutputCodec.checkSides(size, "GIF", MAX_SIDE);
        return new GifWriter(size.width, size.height);
    }
}

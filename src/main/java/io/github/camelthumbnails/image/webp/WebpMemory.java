// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;

/** Estimates the memory to decode and encode WebP. */
final class WebpMemory {

    /** Bytes per pixel that libwebp needs for buffers. With the next two, measured with pictures of 50 megapixels. */
    private static final double BUFFERED_BYTES = 0.5;

    /** Bytes per pixel for the decoded samples of a lossless picture, before they are converted. */
    private static final int LOSSLESS_BYTES = 4;

    /** Bytes per pixel for the alpha channel of a lossy picture, and for the decoder of that channel. */
    private static final int ALPHA_BYTES = 2;

    /** Bytes per pixel of a rendition on the heap: the pictures of each step. */
    private static final long RENDITION_BYTES = 4 * Integer.BYTES;

    /**
     * Memory for an encoded animation, per pixel and frame: what noise compresses to, held twice by libwebp and twice on
     * the heap.
     */
    private static final double LOSSLESS_WRITTEN_BYTES = 7;

    /** The same at the default quality: 1.2 bytes, held twice. */
    private static final double LOSSY_WRITTEN_BYTES = 2.4;

    private WebpMemory() {}

    /** Returns the memory for a still picture. The decoder fills its own array, which is then copied. */
    static ImageHeader.Need still(WebpHeader header, byte[] file) {
        double outside = BUFFERED_BYTES + (header.lossless() ? LOSSLESS_BYTES : header.alpha() ? ALPHA_BYTES : 0);
        return new ImageHeader.Need(Integer.BYTES, Integer.BYTES, outside, new Memory(file.length, file.length));
    }

    /** Returns the memory for an animation, of which one frame at a time is copied to the heap. */
    static ImageHeader.Need animation(WebpHeader header, byte[] file) {
        return new ImageHeader.Need(
                Integer.BYTES, 0, 0, new Memory(0, WebpAnimationReader.nativeBytes(header, file.length)));
    }

    /** Returns the memory for a rendition. */
    static Memory rendition(Dimension size, long frames, ImageHeader.Traits traits) {
        long pixels = (long) size.width * size.height;
        double written = traits.lossless() ? LOSSLESS_WRITTEN_BYTES : LOSSY_WRITTEN_BYTES;
        long files = traits.animated() ? (long) (written * frames * pixels) : 0;
        return new Memory(
                RENDITION_BYTES * pixels + files,
                WebpAnimationWriter.nativeBytes(size.width, size.height, traits.lossless()) + files);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * What a file says of its picture, read before any pixel is decoded.
 *
 * @param width of the canvas in pixels, as stored
 * @param height of the canvas in pixels, as stored
 * @param frames of an animation, counted only as far as matters
 * @param pixels that {@code image.maxPixels} limits
 * @param orientation how the camera was held
 * @param need of memory
 * @param traits what the thumbnail should keep
 */
public record ImageHeader(
        int width, int height, long frames, long pixels, Orientation orientation, Need need, Traits traits) {

    /** What the thumbnail of a picture should keep, if its format can: movement, transparency and exact colours. */
    public record Traits(boolean animated, boolean alpha, boolean lossless) {

        /** A still picture whose format tells the rest. */
        public static final Traits NONE = new Traits(false, false, false);
    }

    /** Thumbnailator gets to a small size by halving both sides. */
    private static final double HALVED_AREA = 0.25;

    /** Lines that a decoder holds at a time. They matter if there is only one. */
    private static final int LINES = 4;

    /**
     * The memory that it takes to make a thumbnail of a picture, one frame at a time.
     *
     * @param bytesPerPixel of the decoded picture, and of what is held beside it to resize it
     * @param decoderBytesPerPixel of what a decoder holds beside the picture
     * @param thumbnailBytes for each pixel of the thumbnail: Thumbnailator holds the picture before and after each of its steps, and the
     *     encoded file is in memory several times while it is written
     * @param fixedBytes what does not depend on the size
     * @param bytesPerWrittenPixel of the encoded thumbnail, in all its frames
     */
    public record Need(
            double bytesPerPixel,
            double decoderBytesPerPixel,
            double thumbnailBytes,
            long fixedBytes,
            double bytesPerWrittenPixel) {

        /** Creates the need of a still picture. */
        public Need(double bytesPerPixel, double decoderBytesPerPixel, double thumbnailBytes, long fixedBytes) {
            this(bytesPerPixel, decoderBytesPerPixel, thumbnailBytes, fixedBytes, 0);
        }
    }

    /**
     * Creates the header of a still picture.
     *
     * @throws IOException if the size is impossible
     */
    public static ImageHeader of(int width, int height, long frames, Orientation orientation, Need need)
            throws IOException {
        if (width <= 0 || height <= 0) {
            throw new IOException("the header says " + width + " x " + height + " pixels");
        }
        return new ImageHeader(width, height, frames, (long) width * height * frames, orientation, need, Traits.NONE);
    }

    /** Returns the bytes that it takes at most to make a thumbnail. */
    public long memory(Scale scale) {
        double scaled = Math.max(HALVED_AREA, scale.area());
        double pixel = need.bytesPerPixel + need.decoderBytesPerPixel + need.thumbnailBytes * scaled;
        double written = (double) width * height * scaled * need.bytesPerWrittenPixel;
        return need.fixedBytes + (long) (written + area() * pixel);
    }

    /** Returns the number of pixels that decoders hold of a frame. */
    public double area() {
        return (double) width * ((double) height + LINES);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.IOException;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * The properties of a picture that are known before any pixel is decoded: its size, orientation and memory needs.
 *
 * @param width width of the canvas in pixels, before it is turned upright
 * @param height height of the canvas in pixels, before it is turned upright
 * @param frames number of frames; counting stops once an animation exceeds its limit
 * @param pixels number of pixels to compare with {@code image.maxPixels}
 * @param orientation orientation of the camera
 * @param need memory that it takes to make the thumbnail
 * @param traits properties that the thumbnail should keep
 */
public record ImageHeader(
        int width, int height, long frames, long pixels, Orientation orientation, Need need, Traits traits) {

    /**
     * Properties of a picture that its thumbnail should keep if its format can: animation, transparency and lossless
     * compression.
     */
    public record Traits(boolean animated, boolean alpha, boolean lossless) {

        /** The traits of a still picture whose thumbnail format needs no further hints. */
        public static final Traits NONE = new Traits(false, false, false);
    }

    /**
     * Thumbnailator halves both sides until it is close to the target size, so its largest intermediate picture has a
     * quarter of the area.
     */
    private static final double INTERMEDIATE_AREA = 0.25;

    /** Number of rows that decoders buffer. They matter for pictures of a single row. */
    private static final int BUFFERED_ROWS = 4;

    /**
     * The memory that it takes to make the thumbnail of a picture, one frame at a time.
     *
     * @param bytesPerPixel bytes per pixel of the decoded picture and of the copies that resizing it needs
     * @param decoderBytesPerPixel bytes per pixel that the decoder holds in addition to the picture
     * @param thumbnailBytes bytes per pixel of the thumbnail: Thumbnailator holds the picture before and after each of
     *     its steps, and several copies of the encoded file exist while it is written
     * @param fixedBytes bytes that do not depend on the size of the picture
     * @param bytesPerWrittenPixel bytes per pixel of one frame that the encoded thumbnail takes with all its frames
     */
    public record Need(
            double bytesPerPixel,
            double decoderBytesPerPixel,
            double thumbnailBytes,
            long fixedBytes,
            double bytesPerWrittenPixel) {

        /** Creates the memory need of a still picture. */
        public Need(double bytesPerPixel, double decoderBytesPerPixel, double thumbnailBytes, long fixedBytes) {
            this(bytesPerPixel, decoderBytesPerPixel, thumbnailBytes, fixedBytes, 0);
        }
    }

    /**
     * Creates the header of a still picture.
     *
     * @throws IOException if the width or the height is not positive
     */
    public static ImageHeader of(int width, int height, long frames, Orientation orientation, Need need)
            throws IOException {
        if (width <= 0 || height <= 0) {
            throw new IOException("the header declares " + width + " x " + height + " pixels");
        }
        return new ImageHeader(width, height, frames, (long) width * height * frames, orientation, need, Traits.NONE);
    }

    /** Returns the maximum memory that it takes to make a thumbnail of this scale, in bytes. */
    public long memory(Scale scale) {
        double scaled = Math.max(INTERMEDIATE_AREA, scale.area());
        double pixel = need.bytesPerPixel + need.decoderBytesPerPixel + need.thumbnailBytes * scaled;
        double written = (double) width * height * scaled * need.bytesPerWrittenPixel;
        return need.fixedBytes + (long) (written + area() * pixel);
    }

    /** Returns the number of pixels of a frame, including the rows that decoders buffer. */
    public double area() {
        return (double) width * ((double) height + BUFFERED_ROWS);
    }
}

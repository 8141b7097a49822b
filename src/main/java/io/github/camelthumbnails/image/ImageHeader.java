// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.Memory;
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
 * @param need memory that it takes to decode the picture
 * @param traits properties that renditions should keep
 */
public record ImageHeader(
        int width, int height, long frames, long pixels, Orientation orientation, Need need, Traits traits) {

    /**
     * Properties of a picture that its renditions should keep if their format can: animation, transparency, lossless
     * compression, and having just black and white pixels, which become grey when they are resized.
     */
    public record Traits(boolean animated, boolean alpha, boolean lossless, boolean bilevel) {

        /** The traits of a still picture without any of these properties. */
        public static final Traits NONE = new Traits(false, false, false, false);

        /** Returns the same traits without lossless compression. */
        Traits lossy() {
            return new Traits(animated, alpha, false, bilevel);
        }
    }

    /** Number of rows that decoders buffer. They matter for pictures of a single row. */
    private static final int BUFFERED_ROWS = 4;

    /**
     * The memory that it takes to decode a picture, one frame at a time.
     *
     * @param bytesPerPixel bytes per pixel of the decoded picture, on the heap
     * @param decoderBytesPerPixel bytes per pixel that the decoder holds on the heap in addition, until a picture is decoded
     * @param outsideBytesPerPixel bytes per pixel that the decoder holds outside the heap, until a picture is decoded
     * @param fixed memory that does not depend on the size of the picture, or that the decoder holds until the end
     */
    public record Need(double bytesPerPixel, double decoderBytesPerPixel, double outsideBytesPerPixel, Memory fixed) {

        /** Describes a decoder that needs no memory outside the heap. */
        public Need(double bytesPerPixel, double decoderBytesPerPixel, long fixedBytes) {
            this(bytesPerPixel, decoderBytesPerPixel, 0, Memory.onHeap(fixedBytes));
        }
    }

    /**
     * Creates the header of a still picture without special traits.
     *
     * @throws IOException if the width or the height is not positive
     */
    public static ImageHeader of(int width, int height, long frames, Orientation orientation, Need need)
            throws IOException {
        return of(width, height, frames, orientation, need, Traits.NONE);
    }

    /**
     * Creates the header of a still picture.
     *
     * @throws IOException if the width or the height is not positive
     */
    public static ImageHeader of(int width, int height, long frames, Orientation orientation, Need need, Traits traits)
            throws IOException {
        if (width <= 0 || height <= 0) {
            throw new IOException("the header declares " + width + " x " + height + " pixels");
        }
        return new ImageHeader(width, height, frames, (long) width * height * frames, orientation, need, traits);
    }

    /**
     * Returns the maximum memory that it takes to decode the picture and to make its renditions.
     *
     * @param renditions memory for the renditions, which are made after a picture is decoded
     */
    public Memory memory(Memory renditions) {
        Memory picture = Memory.onHeap((long) (need.bytesPerPixel * area()));
        Memory decoder =
                new Memory((long) (need.decoderBytesPerPixel * area()), (long) (need.outsideBytesPerPixel * area()));
        return need.fixed.plus(picture).plus(decoder.max(renditions));
    }

    /** Returns the number of pixels of a frame, including the rows that decoders buffer. */
    public double area() {
        return (double) width * ((double) height + BUFFERED_ROWS);
    }
}

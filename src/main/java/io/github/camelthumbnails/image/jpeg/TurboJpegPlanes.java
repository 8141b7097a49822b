// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.pixels.LanczosResizer;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * The luma and chroma samples of a JPEG, outside the heap.
 *
 * @param api the library
 * @param samples the memory of all planes
 * @param planes start of each plane: one of luma, and two of chroma unless the picture is grey
 * @param widths number of samples in a row of each plane
 * @param heights number of rows of each plane
 * @param subsampling chroma subsampling as a number of the TurboJPEG API
 * @param size size of the picture in pixels
 */
record TurboJpegPlanes(
        TurboJpegApi api,
        Memory samples,
        Pointer[] planes,
        int[] widths,
        int[] heights,
        int subsampling,
        Dimension size)
        implements AutoCloseable {

    /** Allocates the planes for a picture. */
    static TurboJpegPlanes allocate(TurboJpegApi api, int subsampling, boolean grey, Dimension size) {
        int count = grey ? 1 : 3;
        int[] widths = new int[count];
        int[] heights = new int[count];
        long[] starts = new long[count];
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            widths[i] = api.tjPlaneWidth(i, size.width, subsampling);
            heights[i] = api.tjPlaneHeight(i, size.height, subsampling);
            starts[i] = bytes;
            bytes += (long) widths[i] * heights[i];
        }
        Memory samples = new Memory(bytes);
        Pointer[] planes = new Pointer[count];
        for (int i = 0; i < count; i++) {
            planes[i] = samples.share(starts[i]);
        }
        return new TurboJpegPlanes(api, samples, planes, widths, heights, subsampling, size);
    }

    boolean isGrey() {
        return planes.length == 1;
    }

    /**
     * Resizes the picture, without converting its samples.
     *
     * @param columns width of the picture in pixels, without the part of the last one that it does not cover
     * @param rows height of the picture in pixels
     */
    TurboJpegPlanes resize(double columns, double rows, Dimension target) {
        TurboJpegPlanes resized = allocate(api, subsampling, isGrey(), target);
        for (int i = 0; i < planes.length; i++) {
            BufferedImage from = new BufferedImage(widths[i], heights[i], BufferedImage.TYPE_BYTE_GRAY);
            byte[] bytes = bytes(from);
            planes[i].read(0, bytes, 0, bytes.length);
            BufferedImage to = new BufferedImage(resized.widths[i], resized.heights[i], BufferedImage.TYPE_BYTE_GRAY);
            // The last sample of chroma may stand for fewer pixels than the others, both here and in the target.
            LanczosResizer.forExtent(
                            from, columns * resized.widths[i] / target.width, rows * resized.heights[i] / target.height)
                    .resize(from, to);
            resized.planes[i].write(0, bytes(to), 0, bytes(to).length);
        }
        return resized;
    }

    private static byte[] bytes(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    @Override
    public void close() {
        samples.close();
    }
}

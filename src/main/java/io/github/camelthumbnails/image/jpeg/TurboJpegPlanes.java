// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.awt.Dimension;

/**
 * The luma and chroma samples of a JPEG that was decoded to N/8 of its size, outside the heap.
 *
 * @param samples the memory of all planes
 * @param planes start of each plane: one of luma, and two of chroma unless the picture is grey
 * @param strides bytes from one row of a plane to the next
 * @param subsampling chroma subsampling as a number of the TurboJPEG API
 * @param decoded size of the picture in pixels, including a last column or row that the original covers only partly
 * @param size size without these
 */
record TurboJpegPlanes(
        Memory samples, Pointer[] planes, int[] strides, int subsampling, Dimension decoded, Dimension size)
        implements AutoCloseable {

    /** Allocates the planes for a picture. */
    static TurboJpegPlanes allocate(TurboJpegApi api, TurboJpegHeader header, int eighths) {
        Dimension decoded = header.decodedSize(eighths);
        int[] strides = new int[header.isGrey() ? 1 : 3];
        long[] starts = new long[strides.length];
        long bytes = 0;
        for (int i = 0; i < strides.length; i++) {
            strides[i] = api.tjPlaneWidth(i, decoded.width, header.subsampling());
            starts[i] = bytes;
            bytes += (long) strides[i] * api.tjPlaneHeight(i, decoded.height, header.subsampling());
        }
        Memory samples = new Memory(bytes);
        Pointer[] planes = new Pointer[strides.length];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = samples.share(starts[i]);
        }
        return new TurboJpegPlanes(
                samples, planes, strides, header.subsampling(), decoded, header.reducedSize(eighths));
    }

    boolean isGrey() {
        return planes.length == 1;
    }

    @Override
    public void close() {
        samples.close();
    }
}

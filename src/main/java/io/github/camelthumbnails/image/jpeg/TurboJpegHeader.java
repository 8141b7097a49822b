// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.awt.Dimension;

/** The header of a JPEG as libjpeg-turbo reads it, with the API's numbers for subsampling and colour space. */
record TurboJpegHeader(int width, int height, int subsampling, int colorSpace) {

    /**
     * Reads the header.
     *
     * @param expected size as it was looked at before
     * @return null if the header has a fault, another size or an unknown subsampling
     */
    static TurboJpegHeader read(TurboJpegApi api, Pointer decoder, Memory file, Dimension expected) {
        IntByReference width = new IntByReference();
        IntByReference height = new IntByReference();
        IntByReference subsampling = new IntByReference();
        IntByReference colorSpace = new IntByReference();
        int failed = api.tjDecompressHeader3(
                decoder, file, new NativeLong(file.size()), width, height, subsampling, colorSpace);
        boolean asExpected = width.getValue() == expected.width && height.getValue() == expected.height;
        return failed == 0 && asExpected && subsampling.getValue() >= 0
                ? new TurboJpegHeader(
                        width.getValue(), height.getValue(), subsampling.getValue(), colorSpace.getValue())
                : null;
    }

    /** What the decoder makes of it: a block that is cut off at the edge counts. */
    Dimension decoded(int eighths) {
        return new Dimension((width * eighths + 7) / 8, (height * eighths + 7) / 8);
    }

    /** What a thumbnail is to have: only what is covered in full. */
    Dimension scaled(int eighths) {
        return new Dimension(Math.max(1, width * eighths / 8), Math.max(1, height * eighths / 8));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.awt.Dimension;
import java.awt.image.BufferedImage;

/**
 * The header of a JPEG as libjpeg-turbo reads it. Subsampling and colour space are the numbers of the TurboJPEG API.
 */
record TurboJpegHeader(int width, int height, int subsampling, int colorSpace) {

    /** TJCS_YCbCr: the colour space of most JPEGs. */
    private static final int YCBCR = 1;

    /** TJCS_GRAY. Only CMYK colour spaces have higher numbers, only RGB has a lower one than YCbCr. */
    private static final int GREY = 2;

    /**
     * Reads the header of a JPEG.
     *
     * @param expected size that has been checked against the limits
     * @return the header, or null if it has a defect, another size or an unknown subsampling
     */
    static TurboJpegHeader read(TurboJpegApi api, Pointer decoder, Memory file, Dimension expected) {
        IntByReference width = new IntByReference();
        IntByReference height = new IntByReference();
        IntByReference subsampling = new IntByReference();
        IntByReference colorSpace = new IntByReference();
        int failed = api.tjDecompressHeader3(
                decoder, file, new NativeLong(file.size()), width, height, subsampling, colorSpace);
        boolean hasExpectedSize = width.getValue() == expected.width && height.getValue() == expected.height;
        return failed == 0 && hasExpectedSize && subsampling.getValue() >= 0
                ? new TurboJpegHeader(
                        width.getValue(), height.getValue(), subsampling.getValue(), colorSpace.getValue())
                : null;
    }

    /**
     * Returns the size to which the decoder scales the picture. Includes pixels that the original covers only partly.
     */
    Dimension decodedSize(int eighths) {
        return new Dimension((width * eighths + 7) / 8, (height * eighths + 7) / 8);
    }

    /** Creates an image of {@link BufferedImage#TYPE_3BYTE_BGR} or TYPE_BYTE_GRAY. */
    static BufferedImage image(Dimension size, boolean grey) {
        return new BufferedImage(
                size.width, size.height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    }

    boolean isYcc() {
        return colorSpace == YCBCR;
    }

    boolean isGrey() {
        return colorSpace == GREY;
    }

    boolean isCmyk() {
        return colorSpace > GREY;
    }
}

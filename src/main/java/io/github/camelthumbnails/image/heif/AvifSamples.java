// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.pixels.RgbImages;
import java.awt.image.BufferedImage;

/** Layouts of the samples that libheif encodes, with the numbers of heif.h. */
enum AvifSamples {

    /** One byte per pixel. */
    GREY(1, 2, 0, 0),

    /** Three bytes per pixel. */
    RGB(3, 1, 10, 10),

    /** Four bytes per pixel. The colours are not multiplied by alpha. */
    RGBA(4, 1, 11, 10);

    final int bytes;
    final int colorSpace;
    final int chroma;
    final int channel;

    AvifSamples(int bytes, int colorSpace, int chroma, int channel) {
        this.bytes = bytes;
        this.colorSpace = colorSpace;
        this.chroma = chroma;
        this.channel = channel;
    }

    /** Returns the layout that keeps everything an image has. */
    static AvifSamples fitting(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
            return GREY;
        }
        return image.getColorModel().hasAlpha() ? RGBA : RGB;
    }

    /**
     * Copies the pixels of an image, converted to sRGB if they are in another colour space. Grey samples are copied as
     * they are.
     *
     * @param plane start of the first row
     * @param stride number of bytes from one row to the next
     */
    void copy(BufferedImage image, Pointer plane, int stride) {
        int width = image.getWidth();
        byte[] row = new byte[width * bytes];
        int[] argb = new int[width];
        byte[] grey = image.getType() == BufferedImage.TYPE_BYTE_GRAY ? new byte[width] : null;
        for (int y = 0; y < image.getHeight(); y++) {
            if (grey != null) {
                image.getRaster().getDataElements(0, y, width, 1, grey);
                for (int i = 0; i < row.length; i++) {
                    row[i] = grey[i / bytes];
                }
            } else if (hasSameBands(image)) {
                image.getRaster().getDataElements(0, y, width, 1, row); // in the order of the bands, not of the bytes
            } else {
                image.getRGB(0, y, width, 1, argb, 0, width);
                unpack(argb, row);
            }
            plane.write((long) y * stride, row, 0, row.length);
        }
    }

    private boolean hasSameBands(BufferedImage image) {
        return switch (this) {
            case GREY -> false;
            case RGB -> image.getType() == BufferedImage.TYPE_3BYTE_BGR || RgbImages.isRgb(image);
            case RGBA -> image.getType() == BufferedImage.TYPE_4BYTE_ABGR;
        };
    }

    private void unpack(int[] argb, byte[] row) {
        for (int x = 0; x < argb.length; x++) {
            row[bytes * x] = (byte) (argb[x] >> 16);
            row[bytes * x + 1] = (byte) (argb[x] >> 8);
            row[bytes * x + 2] = (byte) argb[x];
            if (bytes == 4) {
                row[bytes * x + 3] = (byte) (argb[x] >> 24);
            }
        }
    }
}

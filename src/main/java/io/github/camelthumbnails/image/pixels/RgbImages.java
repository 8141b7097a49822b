// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Creates and converts images with the byte order red, green, blue. ImageIO's JPEG codec copies whole rows of such
 * images, but converts {@link BufferedImage#TYPE_3BYTE_BGR} byte by byte, which takes a third of its time. Everything
 * else, above all Java2D, is optimized for the latter.
 */
public final class RgbImages {

    private static final int BANDS = 3;
    private static final int[] RGB = {0, 1, 2};

    private RgbImages() {}

    /** Creates a black RGB image. */
    public static BufferedImage create(int width, int height) {
        return image(new DataBufferByte(Math.multiplyExact(width * BANDS, height)), width, height);
    }

    /** Returns whether an image is an opaque sRGB image with the byte order red, green, blue. */
    public static boolean isRgb(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_CUSTOM
                && image.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getTransferType() == DataBuffer.TYPE_BYTE
                && model.getPixelStride() == BANDS
                && Arrays.equals(model.getBandOffsets(), RGB)
                && image.getColorModel().getColorSpace().isCS_sRGB();
    }

    /** Copies an RGB image to {@link BufferedImage#TYPE_3BYTE_BGR}, which Java2D resizes fast. */
    static BufferedImage copyToBgr(BufferedImage rgb) {
        BufferedImage bgr = new BufferedImage(rgb.getWidth(), rgb.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        bgr.getRaster().setRect(rgb.getRaster());
        return bgr;
    }

    /**
     * Converts a BGR image to RGB in place. Do not use the given image afterwards: the result reuses its buffer.
     *
     * @param bgr an image that uses all of its buffer
     */
    public static BufferedImage fromBgr(BufferedImage bgr) {
        DataBufferByte buffer = (DataBufferByte) bgr.getRaster().getDataBuffer();
        byte[] data = buffer.getData();
        for (int i = 0; i + 2 < data.length; i += BANDS) {
            byte first = data[i];
            data[i] = data[i + 2];
            data[i + 2] = first;
        }
        return image(buffer, bgr.getWidth(), bgr.getHeight());
    }

    private static BufferedImage image(DataBufferByte buffer, int width, int height) {
        ColorSpace colors = ColorSpace.getInstance(ColorSpace.CS_sRGB);
        return new BufferedImage(
                new ComponentColorModel(colors, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE),
                Raster.createInterleavedRaster(buffer, width, height, width * BANDS, BANDS, RGB, null),
                false,
                null);
    }
}

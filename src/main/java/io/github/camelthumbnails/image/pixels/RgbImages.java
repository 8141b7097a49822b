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
 * Pictures with the bytes of a pixel in the order red, green, blue. ImageIO's JPEG codec copies whole lines to and from them,
 * where it takes {@link BufferedImage#TYPE_3BYTE_BGR} apart byte by byte, which is a third of its time. All else, Java2D first, is
 * made for the latter.
 */
public final class RgbImages {

    private static final int BANDS = 3;
    private static final int[] RGB = {0, 1, 2};
    private static final int[] BGR = {2, 1, 0};

    private RgbImages() {}

    /** A black picture. */
    public static BufferedImage create(int width, int height) {
        return image(new DataBufferByte(Math.multiplyExact(width * BANDS, height)), width, height, RGB);
    }

    /** Whether a picture is one of these. */
    public static boolean isRgb(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_CUSTOM
                && image.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getTransferType() == DataBuffer.TYPE_BYTE
                && model.getPixelStride() == BANDS
                && model.getScanlineStride() == BANDS * image.getWidth()
                && Arrays.equals(model.getBandOffsets(), RGB)
                && image.getColorModel().getColorSpace().isCS_sRGB();
    }

    /** Makes a picture as {@link #create} makes them the common type. The bytes are used on, so that the given one is lost. */
    public static BufferedImage toBgr(BufferedImage rgb) {
        return swapped(rgb, BGR);
    }

    /** The reverse of {@link #toBgr}, of a picture with all of its buffer. */
    public static BufferedImage fromBgr(BufferedImage bgr) {
        return swapped(bgr, RGB);
    }

    private static BufferedImage swapped(BufferedImage image, int[] order) {
        DataBufferByte buffer = (DataBufferByte) image.getRaster().getDataBuffer();
        byte[] data = buffer.getData();
        for (int i = 0; i + 2 < data.length; i += BANDS) {
            byte first = data[i];
            data[i] = data[i + 2];
            data[i + 2] = first;
        }
        return image(buffer, image.getWidth(), image.getHeight(), order);
    }

    private static BufferedImage image(DataBufferByte buffer, int width, int height, int[] order) {
        ColorSpace colors = ColorSpace.getInstance(ColorSpace.CS_sRGB);
        return new BufferedImage(
                new ComponentColorModel(colors, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE),
                Raster.createInterleavedRaster(buffer, width, height, width * BANDS, BANDS, order, null),
                false,
                null);
    }
}

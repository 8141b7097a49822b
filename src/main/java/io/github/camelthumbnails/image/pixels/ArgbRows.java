// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;

/** Reads the rows of an image in the format of {@link BufferedImage#TYPE_INT_ARGB}. */
interface ArgbRows {

    /** Copies the pixels of a row to the start of an array. */
    void read(int y, int[] argb);

    /** Returns a reader for any image. Java2D converts the pixels if {@link #fast} does not support the image type. */
    static ArgbRows of(BufferedImage image) {
        ArgbRows fast = fast(image);
        int width = image.getWidth();
        return fast == null ? (y, argb) -> convert(image.getSubimage(0, y, width, 1), argb) : fast;
    }

    /** Converts a row by drawing it: {@link BufferedImage#getRGB} takes greys of 16 bits for linear ones. */
    private static void convert(BufferedImage row, int[] argb) {
        BufferedImage drawn = new BufferedImage(row.getWidth(), 1, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = drawn.createGraphics();
        graphics.drawImage(row, 0, 0, null);
        graphics.dispose();
        drawn.getRaster().getDataElements(0, 0, row.getWidth(), 1, argb);
    }

    /** Writes a row of an image, which is fast for {@link BufferedImage#TYPE_INT_ARGB} and TYPE_INT_RGB. */
    static void write(BufferedImage image, int y, int[] argb) {
        if (image.getType() == BufferedImage.TYPE_INT_ARGB || image.getType() == BufferedImage.TYPE_INT_RGB) {
            image.getRaster().setDataElements(0, y, argb.length, 1, argb);
        } else {
            image.setRGB(0, y, argb.length, 1, argb, 0, argb.length);
        }
    }

    /** Returns a row reader for image types whose pixels are cheap to convert to ARGB; null for all others. */
    static ArgbRows fast(BufferedImage image) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        return switch (image.getType()) {
            case BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_RGB -> {
                SinglePixelPackedSampleModel model = (SinglePixelPackedSampleModel) raster.getSampleModel();
                int[] data = ((DataBufferInt) raster.getDataBuffer()).getData();
                int start = model.getOffset(-raster.getSampleModelTranslateX(), -raster.getSampleModelTranslateY());
                int opaque = image.getType() == BufferedImage.TYPE_INT_RGB ? 0xFF000000 : 0;
                yield (y, argb) -> {
                    int from = start + y * model.getScanlineStride();
                    for (int x = 0; x < width; x++) {
                        argb[x] = data[from + x] | opaque;
                    }
                };
            }
            case BufferedImage.TYPE_4BYTE_ABGR -> {
                ByteRows bytes = new ByteRows(raster);
                yield (y, argb) -> {
                    int from = bytes.row(y);
                    for (int x = 0; x < width; x++, from += 4) {
                        argb[x] = bytes.data[from] << 24
                                | (bytes.data[from + 3] & 0xFF) << 16
                                | (bytes.data[from + 2] & 0xFF) << 8
                                | bytes.data[from + 1] & 0xFF;
                    }
                };
            }
            case BufferedImage.TYPE_BYTE_INDEXED -> {
                IndexColorModel colors = (IndexColorModel) image.getColorModel();
                int[] palette = new int[256]; // indices past the end of the palette are transparent black
                colors.getRGBs(palette);
                byte[] row = new byte[width];
                yield (y, argb) -> {
                    raster.getDataElements(0, y, width, 1, row);
                    for (int x = 0; x < width; x++) {
                        argb[x] = palette[row[x] & 0xFF];
                    }
                };
            }
            default -> null;
        };
    }
}

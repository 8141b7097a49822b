// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

/**
 * What a file says of its picture, read before any pixel is decoded.
 *
 * @param width of the first frame in pixels, as stored
 * @param height of the first frame in pixels, as stored
 * @param frames of an animation or pages of a TIFF, counted only as far as matters
 * @param bytesPerPixel of the decoded picture, and of what the decoder holds beside it
 */
record ImageHeader(int width, int height, long frames, int bytesPerPixel) {

    /**
     * Reads it.
     *
     * @param reader with the file as its input
     * @param maxPixels where to stop to count frames
     * @throws IOException if the header is broken
     */
    static ImageHeader read(ImageReader reader, byte[] file, ImageFormat format, long maxPixels) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width <= 0 || height <= 0) {
            throw new IOException("the header says " + width + " x " + height + " pixels");
        }
        long maxFrames = maxPixels / Math.multiplyExact((long) width, height) + 1;
        return switch (format) {
            case JPEG -> new ImageHeader(width, height, 1, decoded(reader) + coefficients(file));
            case GIF -> new ImageHeader(width, height, gifFrames(file, maxFrames), decoded(reader));
            case TIFF -> new ImageHeader(width, height, reader.getNumImages(true), decoded(reader));
            // The decoder fills an array of its own, which is then copied.
            case WEBP -> new ImageHeader(width, height, 1, 2 * Integer.BYTES);
            case PNG, BMP -> new ImageHeader(width, height, 1, decoded(reader));
        };
    }

    /** Width by height by frames. */
    long pixels() {
        return (long) width * height * frames;
    }

    /**
     * What it takes at most to decode the first frame and to make a thumbnail of it, in bytes.
     *
     * @param scale width of the thumbnail by width of the original
     */
    long memory(BigDecimal scale) {
        double scaled = scale.doubleValue() * scale.doubleValue();
        // Thumbnailator holds the picture before and after each of its steps, and another one to turn it upright.
        return (long) ((double) width * height * (bytesPerPixel + 3 * Integer.BYTES * scaled));
    }

    private static int decoded(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        if (!types.hasNext()) {
            return 2 * Integer.BYTES;
        }
        SampleModel model = types.next().getSampleModel();
        int bytes = model.getNumDataElements() * DataBuffer.getDataTypeSize(model.getTransferType()) / Byte.SIZE;
        // Grey with alpha is copied to be drawn right.
        return model.getNumBands() == 2 ? bytes + Integer.BYTES : bytes;
    }

    /**
     * Bytes of each pixel's coefficients. A progressive JPEG comes in passes over the whole picture, and the decoder keeps all
     * of it between them, two bytes for each component.
     */
    private static int coefficients(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        int position = 2;
        while (position + 10 < file.length && in.get(position) == (byte) 0xFF) {
            int marker = in.get(position + 1) & 0xFF;
            if (marker == 0xDA) { // the first pass begins
                return 0;
            }
            if (marker == 0xC2 || marker == 0xC6 || marker == 0xCA || marker == 0xCE) { // SOF of a progressive one
                return Short.BYTES * (in.get(position + 9) & 0xFF);
            }
            position += marker == 0xFF ? 1 : 2 + (in.getShort(position + 2) & 0xFFFF);
        }
        return 0;
    }

    /** Counts the image descriptors. ImageIO would remember the place of each of millions. */
    private static long gifFrames(byte[] file, long maxFrames) {
        long frames = 0;
        int position = 13 + colorTable(file, 10);
        while (position < file.length && frames < maxFrames) {
            switch (file[position]) {
                case 0x2C -> { // an image: descriptor, colour table, code size, data
                    frames++;
                    position = afterBlocks(file, position + 11 + colorTable(file, position + 9));
                }
                case 0x21 -> position = afterBlocks(file, position + 2); // an extension
                default -> position = file.length; // the end, or no GIF any more
            }
        }
        return Math.max(1, frames);
    }

    /** The size of the colour table that the flags at this place announce. */
    private static int colorTable(byte[] file, int position) {
        boolean present = position < file.length && (file[position] & 0x80) != 0;
        return present ? 3 << ((file[position] & 7) + 1) : 0;
    }

    private static int afterBlocks(byte[] file, int start) {
        int position = start;
        while (position < file.length && file[position] != 0) {
            position += 1 + (file[position] & 0xFF);
        }
        return position + 1;
    }
}

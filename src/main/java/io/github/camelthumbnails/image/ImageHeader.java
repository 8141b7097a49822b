// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

/**
 * What a file says of its picture, read before any pixel is decoded.
 *
 * @param format of the file
 * @param width of the first frame in pixels, as stored; of a GIF, of the screen and its largest frame
 * @param height of the first frame in pixels, as stored; of a GIF, of the screen and its largest frame
 * @param frames of an animation or pages of a TIFF, counted only as far as matters
 * @param bytesPerPixel of the decoded picture, and of what is held beside it to resize it
 * @param decoderBytesPerPixel of what a decoder holds beside the picture
 * @param fileBytes of the copy of the file that is made to decode it
 */
record ImageHeader(
        ImageFormat format,
        int width,
        int height,
        long frames,
        int bytesPerPixel,
        int decoderBytesPerPixel,
        int fileBytes) {

    /** The last two bits of the marker of a progressive JPEG's frame. */
    private static final int PROGRESSIVE = 2;

    /** The same of a lossless one. */
    private static final int LOSSLESS = 3;

    /** Programs write about ten. */
    private static final int MOST_SCANS = 100;

    private static final int BMP_HEADER_LENGTH = 14;

    /** Where a BMP says how its pixels are packed. */
    private static final int BMP_COMPRESSION = 30;

    /** Bytes for each pixel of the two copies that Java2D makes of a picture of a kind that it cannot draw as it is. */
    private static final int COPIES = 2 * Integer.BYTES;

    /** Thumbnailator gets to a small size by halving both sides. */
    private static final double HALVED = 0.25;

    /** Bytes for each pixel without alpha. */
    private static final int REDUCED_BYTES = 3;

    /** Bytes for each pixel of all frames of a GIF: it compresses badly, and is in memory three times while it grows. */
    private static final double GIF_PIXEL = 4.5;

    /** The same for each frame: its colours, and what the reader remembers of it. */
    private static final int GIF_FRAME = 3000;

    /** Lines that a decoder holds at a time. They matter if there is only one. */
    private static final int LINES = 4;

    /**
     * Reads it.
     *
     * @param reader with the file as its input
     * @param maxPixels where to stop to count frames
     * @throws IOException if the header is broken
     */
    static ImageHeader read(ImageReader reader, byte[] file, ImageFormat format, long maxPixels) throws IOException {
        // Looked at before the reader is: it would keep all that there is before the pixels.
        if (format == ImageFormat.GIF) {
            return gif(file, maxPixels);
        }
        int besideJpeg = format == ImageFormat.JPEG ? besideJpeg(file) : 0;
        if (format == ImageFormat.BMP && isWrapped(file)) {
            // For printers only; the picture inside may be of any size.
            throw new IOException("JPEG or PNG inside a BMP");
        }
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width <= 0 || height <= 0) {
            throw new IOException("the header says " + width + " x " + height + " pixels");
        }
        long maxFrames = maxPixels / Math.multiplyExact((long) width, height) + 1;
        return switch (format) {
            case JPEG -> new ImageHeader(format, width, height, 1, decoded(reader), besideJpeg, file.length);
            case TIFF ->
                new ImageHeader(
                        format, width, height, TiffPages.count(file, maxFrames), decoded(reader), 0, file.length);
            // The decoder fills an array of its own, which is then copied.
            case WEBP -> new ImageHeader(format, width, height, 1, Integer.BYTES, Integer.BYTES, file.length);
            // The compressed and the decompressed rows, which are all in memory.
            case PNG -> new ImageHeader(format, width, height, 1, decoded(reader), Integer.BYTES, file.length);
            case BMP -> new ImageHeader(format, width, height, 1, decoded(reader), 0, 0);
            case GIF -> throw new IllegalStateException("read before");
        };
    }

    private static ImageHeader gif(byte[] file, long maxPixels) throws IOException {
        GifBlocks blocks = new GifBlocks(file);
        int width = blocks.screenWidth();
        int height = blocks.screenHeight();
        long frames = 0;
        boolean takenBack = false;
        while (frames * width * height <= maxPixels && blocks.next()) {
            frames++;
            if (blocks.width() == 0 || blocks.height() == 0) {
                throw new IOException("a frame has " + blocks.width() + " x " + blocks.height() + " pixels");
            }
            width = Math.max(width, blocks.width());
            height = Math.max(height, blocks.height());
            takenBack |= blocks.isTakenBack();
        }
        if (frames == 0) {
            throw new IOException("no frame");
        }
        // The screen, a frame, and what is below a frame that is to be taken back.
        int bytesPerPixel = Integer.BYTES + 1 + (takenBack ? Integer.BYTES : 0);
        return new ImageHeader(ImageFormat.GIF, width, height, frames, bytesPerPixel, 0, 0);
    }

    /** Whether a BMP is but the wrapping of a JPEG or PNG. The oldest kind, with a shorter header, cannot be. */
    private static boolean isWrapped(byte[] bmp) {
        return bmp.length > BMP_COMPRESSION
                && (bmp[BMP_HEADER_LENGTH] & 0xFF) >= 40
                && (bmp[BMP_COMPRESSION] == 4 || bmp[BMP_COMPRESSION] == 5);
    }

    /** Width by height by frames. */
    long pixels() {
        return (long) width * height * frames;
    }

    /**
     * What it takes at most to decode a frame at a time and to make a thumbnail of it, in bytes.
     *
     * @param scale width of the thumbnail by width of the original
     */
    long memory(BigDecimal scale) {
        // Thumbnailator holds the picture before and after each of its steps. A file of the first three may be as large
        // as the picture, and is in memory several times while it is written. Of a GIF, three frames are held.
        int thumbnails =
                switch (format) {
                    case PNG, BMP, TIFF, GIF -> 6;
                    case JPEG, WEBP -> 4;
                };
        double scaled = Math.max(HALVED, scale.doubleValue() * scale.doubleValue());
        double pixel = bytesPerPixel + decoderBytesPerPixel + thumbnails * Integer.BYTES * scaled;
        double written = format == ImageFormat.GIF ? pixels() * scaled * GIF_PIXEL + (double) frames * GIF_FRAME : 0;
        return fileBytes + (long) (written + (double) width * ((double) height + LINES) * pixel);
    }

    /**
     * The same if the decoder makes it smaller at once, in bytes.
     *
     * @param scale width of what it makes by width of the original
     */
    long reducedMemory(double scale) {
        // The samples, the same in the thumbnail's size, upright, and encoded.
        double pixel = decoderBytesPerPixel + 4 * REDUCED_BYTES * scale * scale;
        return fileBytes + (long) ((double) width * ((double) height + LINES) * pixel);
    }

    private static int decoded(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        if (!types.hasNext()) {
            return 2 * Integer.BYTES;
        }
        ImageTypeSpecifier type = types.next();
        SampleModel model = type.getSampleModel();
        int bytes = model.getNumDataElements() * DataBuffer.getDataTypeSize(model.getTransferType()) / Byte.SIZE;
        return bytes
                + switch (type.getBufferedImageType()) {
                    case BufferedImage.TYPE_INT_RGB,
                            BufferedImage.TYPE_INT_ARGB,
                            BufferedImage.TYPE_3BYTE_BGR,
                            BufferedImage.TYPE_4BYTE_ABGR,
                            BufferedImage.TYPE_BYTE_GRAY -> 0;
                    case BufferedImage.TYPE_BYTE_INDEXED -> type.getColorModel().hasAlpha() ? COPIES : 0;
                    // Grey with alpha is copied to be drawn right, and that can be drawn as it is.
                    default -> model.getNumBands() == 2 ? Integer.BYTES : COPIES;
                };
    }

    /**
     * Bytes for each pixel that a JPEG's decoder holds beside the picture. If it comes in several scans, which a progressive
     * one does, that is all of its coefficients, two bytes for each component.
     */
    private static int besideJpeg(byte[] file) throws IOException {
        int components = 0;
        int frame = 0;
        for (JpegSegment segment : JpegSegment.of(file)) {
            if (segment.isFrame() && components == 0) {
                frame = segment.marker() & 3;
                components = file[segment.start() + 5] & 0xFF;
            } else if (segment.marker() == JpegSegment.SCAN
                    && frame != LOSSLESS
                    && (frame == PROGRESSIVE || file[segment.start()] < components)) {
                checkScans(file, segment.start());
                frame = PROGRESSIVE;
            }
        }
        int converted = components == 4 ? components : 0; // CMYK is decoded as such first
        return converted
                + switch (frame) {
                    case PROGRESSIVE -> Short.BYTES * components;
                    case LOSSLESS -> 2 * Integer.BYTES * components;
                    default -> 0;
                };
    }

    /** Each scan takes the time of a whole picture, but not more than a few bytes. */
    private static void checkScans(byte[] file, int start) throws IOException {
        int scans = 0;
        int position = start - 4;
        while (position + 4 <= file.length) {
            int marker = file[position + 1] & 0xFF;
            if (file[position] != (byte) 0xFF || marker <= 0x01 || marker == 0xFF || marker >= 0xD0 && marker <= 0xD7) {
                position++; // inside a scan
            } else if (marker == JpegSegment.END) {
                return; // what follows is no picture
            } else if (marker == JpegSegment.SCAN && ++scans > MOST_SCANS) {
                throw new IOException("more than " + MOST_SCANS + " scans");
            } else {
                position += 2 + ((file[position + 2] & 0xFF) << 8 | file[position + 3] & 0xFF);
            }
        }
    }
}

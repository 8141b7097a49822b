// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads pictures through ImageIO. */
final class Decoder {

    static {
        // ImageIO looks for plug-ins through the context class loader, which in a worker thread may not be ours.
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(Decoder.class.getClassLoader());
        ImageIO.scanForPlugins();
        thread.setContextClassLoader(contextClassLoader);
        // Pictures are read from and written to memory; a cache on disk would only add files to clean up.
        ImageIO.setUseCache(false);
    }

    private Decoder() {}

    /**
     * Reads what a file says of its picture.
     *
     * @param maxPixels where to stop to count frames
     * @throws IOException if the header is broken
     */
    static ImageHeader header(byte[] original, ImageFormat format, long maxPixels, BooleanSupplier cancelled)
            throws IOException {
        ImageReader reader = reader(format);
        try (ImageInputStream in = open(original, format, cancelled)) {
            reader.setInput(in, false, true);
            return ImageHeader.read(reader, original, format, maxPixels);
        } finally {
            reader.dispose();
        }
    }

    /**
     * Decodes a picture, of an animation the first frame.
     *
     * @param libdeflate decompresses PNG, if it is there
     * @param cancelled whether to give up
     * @throws IOException if the file is broken or cut off
     */
    static BufferedImage decode(
            byte[] original, ImageFormat format, Optional<Libdeflate> libdeflate, BooleanSupplier cancelled)
            throws IOException {
        if (format == ImageFormat.JPEG && JpegSegment.components(original) != JpegSegment.CMYK) {
            try {
                return plainJpeg(original, cancelled);
            } catch (IOException | RuntimeException e) {
                // The other reader takes more kinds, and knows which faults can be borne.
            }
        }
        if (format == ImageFormat.PNG && PngDecoder.canDecode(original)) {
            return PngDecoder.decode(original, libdeflate, cancelled);
        }
        ImageReader reader = reader(format);
        try (ImageInputStream in = open(original, format, cancelled)) {
            reader.setInput(in, true, true);
            BufferedImage image = format == ImageFormat.WEBP
                    ? webp(reader, original, cancelled)
                    : read(reader, reader.getDefaultReadParam());
            if (isGreyWithAlpha(image)) {
                return toArgb(image);
            }
            return format == ImageFormat.TIFF && TiffPages.isPremultiplied(original) ? premultiplied(image) : image;
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's own reader is faster than the one that knows all kinds of JPEG, which is found before it. */
    private static BufferedImage plainJpeg(byte[] original, BooleanSupplier cancelled) throws IOException {
        byte[] decodable = JpegSegment.decodable(original);
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(ImageFormat.JPEG.name());
        ImageReader reader = readers.next();
        while (reader.getClass().getModule() != ImageIO.class.getModule()) {
            reader = readers.next();
        }
        try (ImageInputStream in = new ByteArrayImageInputStream(decodable, cancelled)) {
            reader.setInput(in, true, true);
            if (reader.getImageTypes(0).next().getBufferedImageType() != BufferedImage.TYPE_3BYTE_BGR) {
                return read(reader, reader.getDefaultReadParam());
            }
            ImageReadParam parameters = reader.getDefaultReadParam();
            parameters.setDestination(RgbImages.create(reader.getWidth(0), reader.getHeight(0)));
            return read(reader, parameters);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage webp(ImageReader reader, byte[] original, BooleanSupplier cancelled)
            throws IOException {
        try {
            return read(reader, reader.getDefaultReadParam());
        } catch (OutOfMemoryError e) {
            if (e.getMessage() == null) { // libwebp's own answer; the JVM's errors have a message
                WebpAlpha.check(WebpChunks.still(original), reader.getWidth(0), reader.getHeight(0), cancelled);
            }
            throw e;
        }
    }

    private static ImageInputStream open(byte[] original, ImageFormat format, BooleanSupplier cancelled)
            throws IOException {
        byte[] file =
                switch (format) {
                    case PNG -> PngChunks.decodable(original);
                    case TIFF -> TiffPages.first(original);
                    case WEBP -> WebpChunks.still(original);
                    case JPEG, GIF, BMP -> original;
                };
        return new ByteArrayImageInputStream(file, cancelled);
    }

    /** The reader of ImageIO for a format. */
    static ImageReader reader(ImageFormat format) {
        return ImageIO.getImageReadersByFormatName(format.name()).next();
    }

    private static BufferedImage read(ImageReader reader, ImageReadParam parameters) throws IOException {
        boolean[] truncated = new boolean[1];
        reader.addIIOReadWarningListener((source, warning) -> truncated[0] |= saysTruncated(warning));
        BufferedImage image = reader.read(0, parameters);
        if (truncated[0]) {
            throw new IIOException("the file is cut off");
        }
        return image;
    }

    /** The same samples, said to be multiplied by alpha already, which the reader does not. */
    private static BufferedImage premultiplied(BufferedImage image) {
        if (!(image.getColorModel() instanceof ComponentColorModel model) || !model.hasAlpha()) {
            return image;
        }
        ComponentColorModel premultiplied = new ComponentColorModel(
                model.getColorSpace(), true, true, model.getTransparency(), model.getTransferType());
        return new BufferedImage(premultiplied, image.getRaster(), true, null);
    }

    private static boolean isGreyWithAlpha(BufferedImage image) {
        return image.getColorModel() instanceof ComponentColorModel
                && image.getColorModel().getNumComponents() == 2
                && image.getColorModel().hasAlpha();
    }

    /**
     * Copies the samples of a picture of grey and alpha. To draw it would brighten it: Java2D takes the values of its grey
     * colour space for linear light, and spares only pictures without alpha.
     */
    private static BufferedImage toArgb(BufferedImage image) {
        Raster raster = image.getRaster();
        int depth = image.getColorModel().getComponentSize(0);
        BufferedImage argb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int grey = raster.getSample(x, y, 0) >> (depth - 8);
                int alpha = raster.getSample(x, y, 1) >> (depth - 8);
                argb.setRGB(x, y, alpha << 24 | grey << 16 | grey << 8 | grey);
            }
        }
        return argb;
    }

    /**
     * Whether a reader's warning means that pixels are missing. ImageIO fills the rest of a truncated JPEG with grey and
     * goes on; the words are those of the JDK's JPEG reader and of libjpeg below it.
     */
    private static boolean saysTruncated(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("truncated") || text.contains("premature end");
    }
}

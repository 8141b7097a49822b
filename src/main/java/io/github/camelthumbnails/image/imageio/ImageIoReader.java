// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.imageio;

import io.github.camelthumbnails.image.pixels.GreyImages;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;

/** Decodes pictures with ImageIO, and reports truncated ones as errors instead of warnings. */
public final class ImageIoReader {

    /** Name of ImageIO in metrics. */
    public static final String LIBRARY = "imageio";

    /** Bytes per pixel of the two copies that Java2D makes of an image whose type it cannot draw directly. */
    private static final int JAVA2D_COPY_BYTES = 2 * Integer.BYTES;

    static {
        // ImageIO finds plug-ins with the context class loader, which may be a different one in a worker thread.
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(ImageIoReader.class.getClassLoader());
        ImageIO.scanForPlugins();
        thread.setContextClassLoader(contextClassLoader);
        // Pictures are read from and written to memory, so a cache on disk would only leave files behind.
        ImageIO.setUseCache(false);
    }

    private ImageIoReader() {}

    /** A function of a reader whose input has been set to a file. */
    @FunctionalInterface
    public interface ReaderFunction<T> {

        /** Reads from the file and returns a result. */
        T apply(ImageReader reader) throws IOException;
    }

    /** Returns a reader for a format. The caller must dispose of it. */
    public static ImageReader find(String format) {
        return ImageIO.getImageReadersByFormatName(format).next();
    }

    /**
     * Applies a function to a reader of a file, for example to read its header without decoding it.
     *
     * @param format ImageIO's name of the format
     * @param cancelled returns true to abort
     */
    public static <T> T inspect(String format, byte[] file, BooleanSupplier cancelled, ReaderFunction<T> function)
            throws IOException {
        return withReader(find(format), file, false, cancelled, function);
    }

    /**
     * Decodes the first picture of a file.
     *
     * @param format ImageIO's name of the format
     * @param cancelled returns true to abort
     * @throws IOException if the file is broken or truncated
     */
    public static BufferedImage decode(String format, byte[] file, BooleanSupplier cancelled) throws IOException {
        return decode(find(format), file, cancelled, ImageIoReader::decode);
    }

    /** Decodes a file with a function of a reader, and disposes of the reader. */
    public static <T> T decode(ImageReader reader, byte[] file, BooleanSupplier cancelled, ReaderFunction<T> function)
            throws IOException {
        return withReader(reader, file, true, cancelled, function);
    }

    private static <T> T withReader(
            ImageReader reader, byte[] file, boolean forwardOnly, BooleanSupplier cancelled, ReaderFunction<T> function)
            throws IOException {
        try (ImageInputStream in = new ByteArrayImageInputStream(file, cancelled)) {
            reader.setInput(in, forwardOnly, true);
            return function.apply(reader);
        } finally {
            reader.dispose();
        }
    }

    /**
     * Decodes the first picture of the reader's file.
     *
     * @throws IOException if the file is broken or truncated
     */
    public static BufferedImage decode(ImageReader reader) throws IOException {
        return decode(reader, reader.getDefaultReadParam());
    }

    /**
     * Decodes the first picture of the reader's file with these parameters.
     *
     * @throws IOException if the file is broken or truncated
     */
    public static BufferedImage decode(ImageReader reader, ImageReadParam parameters) throws IOException {
        boolean[] truncated = new boolean[1];
        reader.addIIOReadWarningListener((source, warning) -> truncated[0] |= saysTruncated(warning));
        BufferedImage image = reader.read(0, parameters);
        if (truncated[0]) {
            throw new IIOException("the file is cut off");
        }
        return isGreyWithAlpha(image) ? toArgb(image) : GreyImages.withoutPalette(image);
    }

    private static boolean isGreyWithAlpha(BufferedImage image) {
        return image.getColorModel() instanceof ComponentColorModel
                && image.getColorModel().getNumComponents() == 2
                && image.getColorModel().hasAlpha();
    }

    /**
     * Converts a grey image with alpha to ARGB by copying its samples. Drawing it would brighten it, because Java2D
     * treats the samples of such images, though not of those without alpha, as linear light.
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
     * Returns whether a reader's warning means that pixels are missing. ImageIO fills the rest of a truncated JPEG with
     * grey and only warns. The warnings come from the JDK's JPEG reader and the libjpeg below it.
     */
    private static boolean saysTruncated(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("truncated") || text.contains("premature end");
    }

    /** Returns whether the decoded image will be bilevel: one bit per pixel and a palette of two greys. */
    public static boolean isBilevel(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        return types.hasNext() && GreyImages.isBilevel(types.next().createBufferedImage(1, 1));
    }

    /** Returns the memory per pixel for the decoded image and for the copies that are needed to resize it, in bytes. */
    public static int bytesPerPixel(ImageReader reader) throws IOException {
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
                    case BufferedImage.TYPE_BYTE_INDEXED -> type.getColorModel().hasAlpha() ? JAVA2D_COPY_BYTES : 0;
                    // Grey with alpha is converted to ARGB, see toArgb, which Java2D can draw directly.
                    default -> model.getNumBands() == 2 ? Integer.BYTES : JAVA2D_COPY_BYTES;
                };
    }
}

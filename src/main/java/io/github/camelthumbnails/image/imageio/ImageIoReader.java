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

/** Reads pictures through ImageIO. */
public final class ImageIoReader {

    /** Bytes for each pixel of the two copies that Java2D makes of a picture of a kind that it cannot draw as it is. */
    private static final int COPIES = 2 * Integer.BYTES;

    static {
        // ImageIO looks for plug-ins through the context class loader, which in a worker thread may not be ours.
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(ImageIoReader.class.getClassLoader());
        ImageIO.scanForPlugins();
        thread.setContextClassLoader(contextClassLoader);
        // Pictures are read from and written to memory; a cache on disk would only add files to clean up.
        ImageIO.setUseCache(false);
    }

    private ImageIoReader() {}

    /** Uses a reader that has a file as its input. */
    @FunctionalInterface
    public interface Use<T> {
        T apply(ImageReader reader) throws IOException;
    }

    /** Returns a reader for a format, which the caller disposes of. */
    public static ImageReader find(String format) {
        return ImageIO.getImageReadersByFormatName(format).next();
    }

    /**
     * Uses a reader to look at a file without decoding it.
     *
     * @param format a name of the format that ImageIO knows
     * @param cancelled whether to give up
     */
    public static <T> T inspect(String format, byte[] file, BooleanSupplier cancelled, Use<T> use) throws IOException {
        return with(find(format), file, false, cancelled, use);
    }

    /**
     * Decodes the first picture of a file.
     *
     * @param format a name of the format that ImageIO knows
     * @param cancelled whether to give up
     * @throws IOException if the file is broken or cut off
     */
    public static BufferedImage decode(String format, byte[] file, BooleanSupplier cancelled) throws IOException {
        return decode(find(format), file, cancelled, ImageIoReader::decode);
    }

    /** Uses this reader to decode a file, and disposes of it. */
    public static <T> T decode(ImageReader reader, byte[] file, BooleanSupplier cancelled, Use<T> use)
            throws IOException {
        return with(reader, file, true, cancelled, use);
    }

    private static <T> T with(
            ImageReader reader, byte[] file, boolean forwardOnly, BooleanSupplier cancelled, Use<T> use)
            throws IOException {
        try (ImageInputStream in = new ByteArrayImageInputStream(file, cancelled)) {
            reader.setInput(in, forwardOnly, true);
            return use.apply(reader);
        } finally {
            reader.dispose();
        }
    }

    /**
     * Decodes the first picture of a file.
     *
     * @throws IOException if the file is broken or cut off
     */
    public static BufferedImage decode(ImageReader reader) throws IOException {
        return decode(reader, reader.getDefaultReadParam());
    }

    /**
     * Decodes the first picture of a file.
     *
     * @throws IOException if the file is broken or cut off
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
     * Returns whether a reader's warning means that pixels are missing. ImageIO fills the rest of a truncated JPEG with grey and
     * goes on; the words are those of the JDK's JPEG reader and of libjpeg below it.
     */
    private static boolean saysTruncated(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("truncated") || text.contains("premature end");
    }

    /** Returns whether the decoded picture has one bit for each pixel, for two greys. */
    public static boolean isBilevel(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        return types.hasNext() && GreyImages.isBilevel(types.next().createBufferedImage(1, 1));
    }

    /** Returns the bytes for each pixel of the decoded picture, and of what is held beside it to resize it. */
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
                    case BufferedImage.TYPE_BYTE_INDEXED -> type.getColorModel().hasAlpha() ? COPIES : 0;
                    // Grey with alpha is copied to be drawn right, and that can be drawn as it is.
                    default -> model.getNumBands() == 2 ? Integer.BYTES : COPIES;
                };
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Makes a smaller picture of the same format, the right way up. */
public final class Thumbnailer {

    static {
        // ImageIO looks for plug-ins through the context class loader, which in a worker thread may not be ours.
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(Thumbnailer.class.getClassLoader());
        ImageIO.scanForPlugins();
        thread.setContextClassLoader(contextClassLoader);
        // Pictures are read from and written to memory; a cache on disk would only add files to clean up.
        ImageIO.setUseCache(false);
    }

    private final BigDecimal scale;
    private final double quality;
    private final ImageLimits limits;
    private final DecodeMemory memory;
    private final HangingDecodes hanging;

    /**
     * @param scale width of the thumbnail by width of the original, above 0 and at most 1; decimal, so that 0.29 of 100
     *     pixels is 29 and not 28
     * @param quality of the lossy formats, JPEG and WebP, 0 to 1
     * @param limits of one picture and of all at once
     * @param hanging is told of decodes that do not end
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Thumbnailer(BigDecimal scale, double quality, ImageLimits limits, HangingDecodes hanging) {
        if (scale.signum() <= 0 || scale.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("thumbnail.scale is " + scale + ": set it above 0 and to at most 1");
        }
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("thumbnail.quality is " + quality + ": set it between 0 and 1");
        }
        this.scale = scale;
        this.quality = quality;
        this.limits = limits;
        this.memory = new DecodeMemory(limits.memoryBytes());
        this.hanging = hanging;
    }

    /**
     * Makes the thumbnail of one picture. Each side is the original's times the scale, rounded down, at least one pixel. An
     * animated GIF stays animated. Waits until the memory to do it is free.
     *
     * @param original the file's bytes
     * @return the thumbnail, without the original's metadata
     * @throws UnusableImageException if no thumbnail can be made of these bytes, now or later
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Thumbnail thumbnail(byte[] original) throws UnusableImageException, InterruptedException {
        if (original.length == 0) {
            throw new UnusableImageException(Reason.EmptyObject, "The object is empty", null);
        }
        ImageFormat format = ImageFormat.of(original)
                .orElseThrow(() -> new UnusableImageException(
                        Reason.UnsupportedFormat,
                        "The first bytes are not those of a JPEG, PNG, GIF, BMP, TIFF or WebP",
                        null));
        Deadline deadline = new Deadline(limits.timeout(), hanging);
        try {
            ImageHeader header = deadline.run(cancelled -> header(original, format, cancelled));
            long bytes = header.memory(scale);
            check(header, bytes);
            Runnable giveBack = memory.take(bytes, () -> !hanging.threads().isEmpty());
            try {
                return deadline.run(cancelled -> {
                    try {
                        return format == ImageFormat.GIF
                                ? gif(original, cancelled)
                                : thumbnail(original, format, cancelled);
                    } finally {
                        giveBack.run(); // here, for one that was given up still holds it
                    }
                });
            } catch (Error e) { // the thread could not be started
                giveBack.run();
                throw e;
            }
        } catch (TimeoutException e) {
            throw new UnusableImageException(
                    Reason.Timeout, "Not done after " + limits.timeout().toSeconds() + " s (image.timeoutSeconds)", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Error error && !saysBroken(error)) {
                throw error;
            }
            // Decoders answer broken data with all kinds of unchecked exceptions.
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new UnusableImageException(Reason.CorruptImage, "Broken " + format + ": " + message, cause);
        }
    }

    /** The WebP decoder answers some broken data with an OutOfMemoryError of its own; the JVM's has a message. */
    private static boolean saysBroken(Error error) {
        return error instanceof StackOverflowError || error instanceof OutOfMemoryError && error.getMessage() == null;
    }

    private void check(ImageHeader header, long bytes) throws UnusableImageException {
        if (header.pixels() > limits.maxPixels()) {
            throw new UnusableImageException(
                    Reason.TooManyPixels,
                    "The picture has " + header.width() + " x " + header.height() + " pixels in " + header.frames()
                            + " frames: at most " + limits.maxPixels() + " in all are taken (image.maxPixels)",
                    null);
        }
        if (!memory.canHold(bytes)) {
            throw new UnusableImageException(
                    Reason.TooManyPixels,
                    "The picture needs " + bytes + " bytes to be decoded: at most " + limits.memoryBytes()
                            + " can be had (image.memoryPercent of the heap)",
                    null);
        }
    }

    private ImageHeader header(byte[] original, ImageFormat format, BooleanSupplier cancelled) throws IOException {
        ImageReader reader = reader(format);
        try (ImageInputStream in = open(original, format, cancelled)) {
            reader.setInput(in, false, true);
            return ImageHeader.read(reader, original, format, limits.maxPixels());
        } finally {
            reader.dispose();
        }
    }

    private Thumbnail thumbnail(byte[] original, ImageFormat format, BooleanSupplier cancelled) throws IOException {
        BufferedImage image = decode(original, format, cancelled);
        Orientation orientation = ExifOrientation.of(original, format);
        boolean sideways = ExifOrientation.isSideways(orientation);
        int width = scaled(sideways ? image.getHeight() : image.getWidth());
        int height = scaled(sideways ? image.getWidth() : image.getHeight());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // The filter is applied to the resized picture; Thumbnailator knows that it swaps the sides.
        encoder(image, format)
                .forceSize(width, height)
                .addFilter(ExifFilterUtils.getFilterForOrientation(orientation))
                .toOutputStream(out);
        return new Thumbnail(out.toByteArray(), format, width, height);
    }

    private Thumbnail gif(byte[] original, BooleanSupplier cancelled) throws IOException {
        ImageReader reader = reader(ImageFormat.GIF);
        try (ImageInputStream in = open(original, ImageFormat.GIF, cancelled)) {
            reader.setInput(in, true, true);
            GifFrames frames = new GifFrames(reader, original);
            int width = scaled(frames.screen().getWidth());
            int height = scaled(frames.screen().getHeight());
            try (GifWriter writer = new GifWriter(width, height)) {
                while (frames.next()) {
                    BufferedImage frame = Thumbnails.of(frames.screen())
                            .forceSize(width, height)
                            .imageType(BufferedImage.TYPE_INT_ARGB)
                            .asBufferedImage();
                    writer.add(frame, frames.delay(), frames.loops());
                }
                return new Thumbnail(writer.finish(frames.loops()), ImageFormat.GIF, width, height);
            }
        } finally {
            reader.dispose();
        }
    }

    private int scaled(int pixels) {
        BigDecimal exact = scale.multiply(BigDecimal.valueOf(pixels));
        return Math.max(1, exact.setScale(0, RoundingMode.FLOOR).intValueExact());
    }

    private static ImageInputStream open(byte[] original, ImageFormat format, BooleanSupplier cancelled)
            throws IOException {
        byte[] file =
                switch (format) {
                    case PNG -> PngChunks.decodable(original);
                    case TIFF -> TiffPages.first(original);
                    case JPEG, GIF, BMP, WEBP -> original;
                };
        return new ByteArrayImageInputStream(file, cancelled);
    }

    private static ImageReader reader(ImageFormat format) {
        return ImageIO.getImageReadersByFormatName(format.name()).next();
    }

    private static BufferedImage decode(byte[] original, ImageFormat format, BooleanSupplier cancelled)
            throws IOException {
        ImageReader reader = reader(format);
        try (ImageInputStream in = open(original, format, cancelled)) {
            boolean[] truncated = new boolean[1];
            reader.addIIOReadWarningListener((source, warning) -> truncated[0] |= saysTruncated(warning));
            reader.setInput(in, true, true);
            BufferedImage image = reader.read(0);
            if (truncated[0]) {
                throw new IIOException("the file is cut off");
            }
            return isGreyWithAlpha(image) ? toArgb(image) : image;
        } finally {
            reader.dispose();
        }
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

    private Thumbnails.Builder<BufferedImage> encoder(BufferedImage image, ImageFormat format) {
        boolean alpha = image.getColorModel().hasAlpha();
        Thumbnails.Builder<BufferedImage> encoder = Thumbnails.of(image)
                .imageType(alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB)
                .outputFormat(format.name());
        return switch (format) {
            case JPEG -> encoder.outputQuality(quality);
            case WEBP -> encoder.outputFormatType("Lossy").outputQuality(quality);
            // Thumbnailator would take the first of the writer's types, which is for black and white only.
            case TIFF -> encoder.outputFormatType("LZW");
            case PNG, GIF, BMP -> encoder;
        };
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Makes a smaller picture of the same format, the right way up. */
public final class Thumbnailer {

    private static final BigDecimal EIGHT = BigDecimal.valueOf(8);

    private final BigDecimal scale;
    private final double quality;
    private final int eighths;
    private final Optional<TurboJpeg> turboJpeg;
    private final Optional<Libdeflate> libdeflate;
    private final Encoder encoder;
    private final ImageLimits limits;
    private final DecodeMemory memory;
    private final HangingDecodes hanging;

    /**
     * @param scale width of the thumbnail by width of the original, above 0 and at most 1; decimal, so that 0.29 of 100
     *     pixels is 29 and not 28
     * @param quality of the lossy formats, JPEG and WebP, 0 to 1
     * @param limits of one picture and of all at once
     * @param hanging is told of decodes that do not end
     * @param nativeCodec whether libjpeg-turbo and libdeflate are used, where the system has them
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Thumbnailer(
            BigDecimal scale, double quality, ImageLimits limits, HangingDecodes hanging, boolean nativeCodec) {
        if (scale.signum() <= 0 || scale.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("thumbnail.scale is " + scale + ": set it above 0 and to at most 1");
        }
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("thumbnail.quality is " + quality + ": set it between 0 and 1");
        }
        this.scale = scale;
        this.quality = quality;
        this.eighths = scale.multiply(EIGHT).setScale(0, RoundingMode.CEILING).intValueExact();
        this.turboJpeg = nativeCodec ? TurboJpeg.find() : Optional.empty();
        this.libdeflate = nativeCodec ? Libdeflate.find() : Optional.empty();
        this.encoder = new Encoder(quality, turboJpeg, libdeflate);
        this.limits = limits;
        this.memory = new DecodeMemory(limits.memoryBytes());
        this.hanging = hanging;
    }

    /**
     * Makes the thumbnail of one picture. Each side is the original's times the scale, rounded down, at least one pixel. An
     * animated GIF stays animated. Waits until the memory to do it is free, but not for ever.
     *
     * @param original the file's bytes
     * @return the thumbnail, without the original's metadata
     * @throws UnusableImageException if no thumbnail can be made of these bytes, now or later
     * @throws WorkerLimitException if this worker cannot make the thumbnail now, but another worker or a later try may
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Thumbnail thumbnail(byte[] original)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        try {
            return thumbnailOf(original);
        } catch (OutOfMemoryError | LinkageError e) { // before or after the decode, which has a thread of its own
            throw workerLimit(e);
        }
    }

    private Thumbnail thumbnailOf(byte[] original)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        if (original.length == 0) {
            throw new UnusableImageException(Reason.EmptyObject, "The object is empty", null);
        }
        ImageFormat format = ImageFormat.of(original)
                .orElseThrow(() -> new UnusableImageException(
                        Reason.UnsupportedFormat,
                        "The first bytes are not those of a JPEG, PNG, GIF, BMP, TIFF or WebP",
                        null));
        Deadline deadline = new Deadline(limits.cpuTime(), limits.wallTime(), hanging);
        try {
            ImageHeader header =
                    deadline.run(cancelled -> Decoder.header(original, format, limits.maxPixels(), cancelled));
            if (header.pixels() > limits.maxPixels()) {
                throw tooManyPixels(header);
            }
            Orientation orientation = ExifOrientation.of(original, format);
            if (format == ImageFormat.JPEG && turboJpeg.isPresent() && canReduce(header)) {
                Optional<Thumbnail> thumbnail = within(
                        header.reducedMemory(eighths / 8.0),
                        deadline,
                        cancelled -> reduce(turboJpeg.get(), original, header, orientation));
                if (thumbnail.isPresent()) {
                    return thumbnail.get();
                }
            }
            return within(
                    header.memory(scale),
                    deadline,
                    cancelled -> format == ImageFormat.GIF
                            ? gif(original, cancelled)
                            : resize(original, header, orientation, cancelled));
        } catch (TimeoutException e) {
            throw new UnusableImageException(
                    Reason.Timeout,
                    "The picture is not done after " + limits.cpuTime().toSeconds()
                            + " s of CPU time (image.timeoutSeconds)",
                    e);
        } catch (ExecutionException e) {
            throw corruptImage(format, e.getCause());
        }
    }

    /** Does work that holds so many bytes, as soon as they are free. */
    <T> T within(long bytes, Deadline deadline, Deadline.Work<T> work)
            throws WorkerLimitException, InterruptedException, TimeoutException, ExecutionException {
        if (!memory.canHold(bytes)) {
            throw new WorkerLimitException(
                    WorkerLimitException.Reason.NotEnoughMemory,
                    "The picture needs " + megabytes(bytes) + " to be decoded; this worker's budget is "
                            + megabytes(limits.memoryBytes())
                            + " (image.memoryPercent of the heap). Give the worker more memory",
                    null);
        }
        Runnable release = memory.acquire(bytes, limits.wallTime())
                .orElseThrow(() -> new WorkerLimitException(
                        WorkerLimitException.Reason.WorkerOverloaded,
                        "The picture needs " + megabytes(bytes)
                                + " to be decoded, which other decodes did not release in "
                                + limits.wallTime().toSeconds() + " s. Give the worker more memory or CPU",
                        null));
        try {
            return deadline.run(cancelled -> {
                try {
                    return work.run(cancelled);
                } finally {
                    release.run(); // here, because a decode that was given up still holds the memory
                }
            });
        } catch (Error e) { // the thread could not be started
            release.run();
            throw e;
        }
    }

    private static String megabytes(long bytes) {
        return (bytes + 999_999) / 1_000_000 + " MB";
    }

    /**
     * Returns the exception for a decoder's complaint. Decoders answer broken data with all kinds of unchecked exceptions.
     *
     * @throws WorkerLimitException if the complaint is about the worker
     * @throws Error if it is another error of the JVM, which says nothing of the picture
     */
    static UnusableImageException corruptImage(ImageFormat format, Throwable complaint) throws WorkerLimitException {
        for (Throwable cause = complaint; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError || cause instanceof LinkageError) {
                throw workerLimit((Error) cause);
            }
        }
        // A decoder that recurses too deeply does so again: the stack of its thread always has the same size.
        if (complaint instanceof Error error && !(error instanceof StackOverflowError)) {
            throw error;
        }
        String message = complaint.getMessage() == null ? complaint.getClass().getSimpleName() : complaint.getMessage();
        return new UnusableImageException(Reason.CorruptImage, "Broken " + format + ": " + message, complaint);
    }

    private static WorkerLimitException workerLimit(Error error) {
        String message = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        return error instanceof OutOfMemoryError
                ? new WorkerLimitException(
                        WorkerLimitException.Reason.NotEnoughMemory,
                        "The worker ran out of memory: " + message + ". Give it more memory",
                        error)
                : new WorkerLimitException(
                        WorkerLimitException.Reason.MissingLibrary,
                        "The worker cannot load a part of its decoders: " + message + ". Its log says why",
                        error);
    }

    private UnusableImageException tooManyPixels(ImageHeader header) {
        return new UnusableImageException(
                Reason.TooManyPixels,
                "The picture has " + header.width() + " x " + header.height() + " pixels in " + header.frames()
                        + " frames: at most " + limits.maxPixels() + " in all are taken (image.maxPixels)",
                null);
    }

    private boolean isEnough() {
        return scale.multiply(EIGHT).compareTo(BigDecimal.valueOf(eighths)) == 0;
    }

    /** Whether a decoder that makes it smaller, which rounds up, does not make a small picture too different. */
    private boolean canReduce(ImageHeader header) {
        return HalfSizeResizer.canLeaveOut(header.width(), header.width() * eighths % 8)
                && HalfSizeResizer.canLeaveOut(header.height(), header.height() * eighths % 8);
    }

    /** Lets the decoder leave out the pixels that are not needed. Nothing if it cannot read the file. */
    private Optional<Thumbnail> reduce(TurboJpeg codec, byte[] original, ImageHeader header, Orientation orientation)
            throws IOException {
        Dimension size = new Dimension(header.width(), header.height());
        Optional<byte[]> reduced;
        if (isEnough() && orientation == Orientation.TOP_LEFT) {
            reduced = codec.reduce(original, size, eighths, quality);
        } else {
            Optional<BufferedImage> image = codec.decode(original, size, eighths, isEnough());
            reduced = image.isEmpty()
                    ? Optional.empty()
                    : Optional.of(encoder.encode(resized(image.get(), header, orientation), header.format()));
        }
        return reduced.isEmpty()
                ? Optional.empty()
                : Optional.of(ColorProfile.copy(original, thumbnail(reduced.get(), header, orientation)));
    }

    private Thumbnail resize(byte[] original, ImageHeader header, Orientation orientation, BooleanSupplier cancelled)
            throws IOException {
        BufferedImage image = Decoder.decode(original, header.format(), libdeflate, cancelled);
        byte[] thumbnail = encoder.encode(resized(image, header, orientation), header.format());
        return ColorProfile.copy(original, thumbnail(thumbnail, header, orientation));
    }

    private BufferedImage resized(BufferedImage image, ImageHeader header, Orientation orientation) throws IOException {
        return resized(image, scaled(header.width()), scaled(header.height()), orientation);
    }

    private static BufferedImage resized(BufferedImage image, int width, int height, Orientation orientation)
            throws IOException {
        return Thumbnails.of(image)
                .forceSize(width, height)
                .imageType(HalfSizeResizer.targetType(image))
                .resizer(HalfSizeResizer.INSTANCE)
                .addFilter(new OrientationFilter(orientation)) // of the resized picture
                .asBufferedImage();
    }

    private Thumbnail thumbnail(byte[] bytes, ImageHeader header, Orientation orientation) {
        int width = scaled(header.width());
        int height = scaled(header.height());
        boolean sideways = ExifOrientation.isSideways(orientation);
        return new Thumbnail(bytes, header.format(), sideways ? height : width, sideways ? width : height);
    }

    private Thumbnail gif(byte[] original, BooleanSupplier cancelled) throws IOException {
        ImageReader reader = Decoder.reader(ImageFormat.GIF);
        try (ImageInputStream in = new ByteArrayImageInputStream(original, cancelled)) {
            reader.setInput(in, true, true);
            GifFrames frames = new GifFrames(reader, original);
            int width = scaled(frames.screen().getWidth());
            int height = scaled(frames.screen().getHeight());
            try (GifWriter writer = new GifWriter(width, height)) {
                while (frames.next()) {
                    BufferedImage frame = resized(frames.screen(), width, height, Orientation.TOP_LEFT);
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
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.Deadline;
import io.github.camelthumbnails.image.limits.DecodeMemory;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import io.github.camelthumbnails.image.pixels.OrientationFilter;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.Thumbnails;

/**
 * Decodes an original, resizes it, turns it upright and encodes the thumbnail, in the original's format if possible.
 */
public final class Thumbnailer {

    private final Codecs codecs;
    private final Scale scale;
    private final Codec.Options options;
    private final ImageLimits limits;
    private final DecodeMemory memory;
    private final HangingDecodes hanging;

    /**
     * Creates a thumbnailer and loads the native libraries of its codecs.
     *
     * @param scale size of the thumbnails relative to their originals
     * @param options configuration of the codecs
     * @param limits limits for a single picture and for all pictures that are processed in parallel
     * @param hanging is notified of decodes that do not end
     */
    public Thumbnailer(Scale scale, Codec.Options options, ImageLimits limits, HangingDecodes hanging) {
        this(Codecs.STANDARD, scale, options, limits, hanging);
    }

    /** Creates a thumbnailer for thumbnails in the format {@code original} or {@code webp}. */
    public Thumbnailer(String format, Scale scale, Codec.Options options, ImageLimits limits, HangingDecodes hanging) {
        this(Codecs.writing(format), scale, options, limits, hanging);
    }

    Thumbnailer(Codecs codecs, Scale scale, Codec.Options options, ImageLimits limits, HangingDecodes hanging) {
        this.codecs = codecs;
        this.scale = scale;
        this.options = options;
        this.limits = limits;
        this.memory = new DecodeMemory(limits.memoryBytes());
        this.hanging = hanging;
        codecs.all().forEach(codec -> codec.findLibraries(options));
    }

    /**
     * Makes the thumbnail of one picture. Each side is the original's times the scale, rounded down, at least one
     * pixel. An animated GIF stays animated. Waits up to {@link ImageLimits#wallTime()} for the memory that it needs.
     *
     * @param original the original's file
     * @return the thumbnail, without the original's metadata
     * @throws UnusableImageException if no thumbnail can be made of these bytes, now or later
     * @throws WorkerLimitException if this worker cannot make the thumbnail now, but another worker or a retry may
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Thumbnail thumbnail(byte[] original)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        try {
            return createThumbnail(original);
        } catch (OutOfMemoryError | LinkageError e) {
            // From this thread. Errors of the decoding thread arrive as ExecutionException.
            throw WorkerLimitException.translate(e);
        }
    }

    private Thumbnail createThumbnail(byte[] file)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        if (file.length == 0) {
            throw new UnusableImageException(Reason.EmptyObject, "The object is empty", null);
        }
        byte[] original = Signature.stripLeadingBlanks(file);
        Codec codec = codecs.find(original)
                .orElseThrow(() -> new UnusableImageException(
                        Reason.UnsupportedFormat, "The first bytes are not those of a " + codecs.names(), null));
        Deadline deadline = new Deadline(limits.cpuTime(), limits.wallTime(), hanging);
        try {
            ImageHeader header = deadline.run(cancelled -> codec.header(original, limits.maxPixels(), cancelled));
            if (header.pixels() > limits.maxPixels()) {
                throw tooManyPixels(header);
            }
            Optional<Codec.Shortcut> shortcut =
                    deadline.run(cancelled -> codec.shortcut(original, header, scale, options));
            if (shortcut.isPresent()) {
                Optional<Thumbnail> thumbnail = runWithMemory(
                        shortcut.get().memory(),
                        deadline,
                        cancelled -> makeByShortcut(shortcut.get(), original, codec, header));
                if (thumbnail.isPresent()) {
                    return thumbnail.get();
                }
            }
            return runWithMemory(header.memory(scale), deadline, cancelled -> make(original, codec, header, cancelled));
        } catch (TimeoutException e) {
            throw new UnusableImageException(
                    Reason.Timeout,
                    "The thumbnail takes more than " + limits.cpuTime().toSeconds()
                            + " s of CPU time (image.timeoutSeconds)",
                    e);
        } catch (ExecutionException e) {
            throw translateFailure(codec.name(), e.getCause());
        }
    }

    /** Acquires memory, waiting until other pictures release enough of it, runs the work and releases the memory. */
    <T> T runWithMemory(long bytes, Deadline deadline, Deadline.Work<T> work)
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
                    release.run(); // in this thread, because a decode that has timed out keeps its memory until it ends
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
     * Translates what a decoder has thrown into the exception to report. Decoders react to broken data with all kinds
     * of unchecked exceptions.
     *
     * @throws WorkerLimitException if the worker lacks memory or a library
     * @throws Error if the decoder has thrown any other error of the JVM, which tells nothing about the picture
     */
    static UnusableImageException translateFailure(String format, Throwable thrown) throws WorkerLimitException {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError || cause instanceof LinkageError) {
                throw WorkerLimitException.translate((Error) cause);
            }
        }
        if (thrown instanceof TooManyPixelsException) {
            return new UnusableImageException(Reason.TooManyPixels, thrown.getMessage(), thrown);
        }
        if (thrown instanceof UnsupportedImageException) {
            return new UnusableImageException(Reason.UnsupportedFormat, thrown.getMessage(), thrown);
        }
        // A stack overflow is the picture's fault and would recur: decoder threads always have the same stack size.
        if (thrown instanceof Error error && !(error instanceof StackOverflowError)) {
            throw error;
        }
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        return new UnusableImageException(Reason.CorruptImage, "Broken " + format + ": " + message, thrown);
    }

    private UnusableImageException tooManyPixels(ImageHeader header) {
        return new UnusableImageException(
                Reason.TooManyPixels,
                "The picture has " + header.width() + " x " + header.height() + " pixels in " + header.frames()
                        + " frames. At most " + limits.maxPixels() + " pixels are allowed, and "
                        + Codec.ANIMATION_FACTOR
                        + " times as many in all frames of an animation (image.maxPixels). Make the picture smaller",
                null);
    }

    private Optional<Thumbnail> makeByShortcut(
            Codec.Shortcut shortcut, byte[] original, Codec codec, ImageHeader header) throws IOException {
        Optional<byte[]> file = shortcut.make(image -> resize(image, header));
        ImageFormat format = codec.thumbnailFormat(header);
        Dimension size = thumbnailSize(header);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(thumbnail(format.codec().copyProfile(original, file.get(), size), format, size));
    }

    private Thumbnail make(byte[] original, Codec codec, ImageHeader header, BooleanSupplier cancelled)
            throws IOException {
        ImageFormat format = codec.thumbnailFormat(header);
        OutputCodec output = format.codec();
        Dimension size = thumbnailSize(header);
        try (FrameReader reader = codec.open(original, options, cancelled);
                FrameWriter writer = output.writer(size, header.traits(), options)) {
            for (BufferedImage frame = reader.next(); frame != null; frame = reader.next()) {
                writer.add(resize(frame, header), reader.delayMillis(), reader.loops());
            }
            byte[] file = writer.finish(reader.loops());
            if (reader.profile().isPresent()) {
                file = output.withProfile(file, reader.profile().get(), size);
            } else if (codec == output) {
                file = output.copyProfile(original, file, size);
            }
            return thumbnail(file, format, size);
        }
    }

    private static Thumbnail thumbnail(byte[] file, ImageFormat format, Dimension size) {
        return new Thumbnail(file, format, size.width, size.height);
    }

    private BufferedImage resize(BufferedImage image, ImageHeader header) throws IOException {
        return Thumbnails.of(image)
                .forceSize(scale.apply(header.width()), scale.apply(header.height()))
                .imageType(HalfSizeResizer.targetType(image))
                .resizer(HalfSizeResizer.INSTANCE)
                .addFilter(new OrientationFilter(header.orientation())) // after resizing, when fewer pixels are left
                .asBufferedImage();
    }

    /** Returns the size of the thumbnail after it has been turned upright. */
    private Dimension thumbnailSize(ImageHeader header) {
        int width = scale.apply(header.width());
        int height = scale.apply(header.height());
        return OrientationFilter.isSideways(header.orientation())
                ? new Dimension(height, width)
                : new Dimension(width, height);
    }
}

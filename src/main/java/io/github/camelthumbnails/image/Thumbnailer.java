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

/** Makes a smaller picture, the right way up, of the same format if that can be written. */
public final class Thumbnailer {

    private final Codecs codecs;
    private final Scale scale;
    private final Codec.Options options;
    private final ImageLimits limits;
    private final DecodeMemory memory;
    private final HangingDecodes hanging;

    /**
     * @param scale of the thumbnails
     * @param options for the codecs
     * @param limits of one picture and of all at once
     * @param hanging is told of decodes that do not end
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

    private Thumbnail thumbnailOf(byte[] file)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        if (file.length == 0) {
            throw new UnusableImageException(Reason.EmptyObject, "The object is empty", null);
        }
        byte[] original = Signature.withoutBlanks(file);
        Codec codec = codecs.of(original)
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
                Optional<Thumbnail> thumbnail = within(
                        shortcut.get().memory(),
                        deadline,
                        cancelled -> shortcut(shortcut.get(), original, codec, header));
                if (thumbnail.isPresent()) {
                    return thumbnail.get();
                }
            }
            return within(header.memory(scale), deadline, cancelled -> make(original, codec, header, cancelled));
        } catch (TimeoutException e) {
            throw new UnusableImageException(
                    Reason.Timeout,
                    "The picture is not done after " + limits.cpuTime().toSeconds()
                            + " s of CPU time (image.timeoutSeconds)",
                    e);
        } catch (ExecutionException e) {
            throw corruptImage(codec.name(), e.getCause());
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
    static UnusableImageException corruptImage(String format, Throwable complaint) throws WorkerLimitException {
        for (Throwable cause = complaint; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError || cause instanceof LinkageError) {
                throw workerLimit((Error) cause);
            }
        }
        if (complaint instanceof TooManyPixelsException) {
            return new UnusableImageException(Reason.TooManyPixels, complaint.getMessage(), complaint);
        }
        if (complaint instanceof UnsupportedImageException) {
            return new UnusableImageException(Reason.UnsupportedFormat, complaint.getMessage(), complaint);
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
                        + " frames: at most " + limits.maxPixels() + " are taken, and in all frames of an animation "
                        + Codec.ANIMATION_FACTOR + " times as many (image.maxPixels)",
                null);
    }

    private Optional<Thumbnail> shortcut(Codec.Shortcut shortcut, byte[] original, Codec codec, ImageHeader header)
            throws IOException {
        Optional<byte[]> file = shortcut.make(image -> resized(image, header));
        ImageFormat format = codec.output(header);
        Dimension size = size(header);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(thumbnail(format.codec().copyProfile(original, file.get(), size), format, size));
    }

    private Thumbnail make(byte[] original, Codec codec, ImageHeader header, BooleanSupplier cancelled)
            throws IOException {
        ImageFormat format = codec.output(header);
        OutputCodec output = format.codec();
        Dimension size = size(header);
        try (FrameReader reader = codec.open(original, options, cancelled);
                FrameWriter writer = output.writer(size, header.traits(), options)) {
            for (BufferedImage frame = reader.next(); frame != null; frame = reader.next()) {
                writer.add(resized(frame, header), reader.delayMillis(), reader.loops());
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

    private BufferedImage resized(BufferedImage image, ImageHeader header) throws IOException {
        return Thumbnails.of(image)
                .forceSize(scale.of(header.width()), scale.of(header.height()))
                .imageType(HalfSizeResizer.targetType(image))
                .resizer(HalfSizeResizer.INSTANCE)
                .addFilter(new OrientationFilter(header.orientation())) // of the resized picture
                .asBufferedImage();
    }

    /** Returns the size of the upright thumbnail. */
    private Dimension size(ImageHeader header) {
        int width = scale.of(header.width());
        int height = scale.of(header.height());
        return OrientationFilter.isSideways(header.orientation())
                ? new Dimension(height, width)
                : new Dimension(width, height);
    }
}

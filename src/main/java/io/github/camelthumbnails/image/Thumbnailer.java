// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.Deadline;
import io.github.camelthumbnails.image.limits.DecodeMemory;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Makes the renditions of an original: decodes it once, resizes it, turns it upright and encodes it. */
public final class Thumbnailer {

    private final Codecs codecs;
    private final List<Preset> presets;
    private final Codec.Options options;
    private final ImageLimits limits;
    private final DecodeMemory memory;
    private final HangingDecodes hanging;
    private final Consumer<Stage> stages;
    private final Map<String, Boolean> libraries;

    /** Creates a thumbnailer whose work is not measured. */
    public Thumbnailer(List<Preset> presets, Codec.Options options, ImageLimits limits, HangingDecodes hanging) {
        this(presets, options, limits, hanging, stage -> {});
    }

    /**
     * Creates a thumbnailer and loads the native libraries of its codecs.
     *
     * @param presets describe the renditions of each original
     * @param options configuration of the codecs
     * @param limits limits for a single picture and for all pictures that are processed in parallel
     * @param hanging is notified of decodes that do not end
     * @param stages receives each part of the work when the renditions are made or have failed, in the thread that asked for
     *     them; it must not throw exceptions
     */
    public Thumbnailer(
            List<Preset> presets,
            Codec.Options options,
            ImageLimits limits,
            HangingDecodes hanging,
            Consumer<Stage> stages) {
        this(Codecs.STANDARD, presets, options, limits, hanging, stages);
    }

    Thumbnailer(
            Codecs codecs,
            List<Preset> presets,
            Codec.Options options,
            ImageLimits limits,
            HangingDecodes hanging,
            Consumer<Stage> stages) {
        this.codecs = codecs;
        this.presets = List.copyOf(presets);
        this.options = options;
        this.limits = limits;
        this.memory = new DecodeMemory(limits.memory());
        this.hanging = hanging;
        this.stages = stages;
        this.libraries = codecs.findLibraries(options);
    }

    /** Returns the memory that all decodes share. */
    public DecodeMemory memory() {
        return memory;
    }

    /** Returns the names of the optional native libraries of all codecs, and whether each is used. */
    public Map<String, Boolean> libraries() {
        return libraries;
    }

    /**
     * Makes all renditions of one picture. An animation stays animated if the format of the rendition can. Waits up to
     * {@link ImageLimits#wallTime()} for the memory that it needs.
     *
     * @param original the original's file
     * @return the renditions in the order of their presets, without the original's metadata
     * @throws UnusableImageException if a rendition cannot be made of these bytes, now or later
     * @throws WorkerLimitException if this worker cannot make the renditions now, but another worker or a retry may
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public List<Thumbnail> renditions(byte[] original)
            throws UnusableImageException, WorkerLimitException, InterruptedException {
        try {
            return createRenditions(original);
        } catch (OutOfMemoryError | LinkageError e) {
            // From this thread. Errors of the decoding thread arrive as ExecutionException.
            throw WorkerLimitException.translate(e);
        }
    }

    private List<Thumbnail> createRenditions(byte[] file)
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
            RenditionMaker maker = new RenditionMaker(original, codec, header, presets, options);
            try {
                Optional<Codec.Shortcut> shortcut =
                        deadline.run(cancelled -> codec.shortcut(original, header, maker.targets(), options));
                // The whole picture needs more heap, but may need less memory outside it.
                if (shortcut.isPresent() && limits.memory().holds(maker.memory(shortcut.get()))) {
                    Optional<List<Thumbnail>> renditions = runWithMemory(
                            maker.memory(shortcut.get()), deadline, cancelled -> maker.make(shortcut.get(), cancelled));
                    if (renditions.isPresent()) {
                        return renditions.get();
                    }
                }
                return runWithMemory(maker.memory(), deadline, maker::make);
            } finally {
                maker.stages().forEach(stages);
            }
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
    <T> T runWithMemory(Memory need, Deadline deadline, Deadline.Work<T> work)
            throws WorkerLimitException, InterruptedException, TimeoutException, ExecutionException {
        checkBudget(need);
        Runnable release = memory.acquire(need, limits.wallTime())
                .orElseThrow(() -> new WorkerLimitException(
                        WorkerLimitException.Reason.WorkerOverloaded,
                        "The picture needs " + megabytes(need.heap()) + " of heap and " + megabytes(need.outside())
                                + " outside it to be decoded, which other decodes did not release in "
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

    private void checkBudget(Memory need) throws WorkerLimitException {
        Memory budget = limits.memory();
        List<String> problems = new ArrayList<>();
        if (need.heap() > budget.heap()) {
            problems.add(
                    "The picture needs " + megabytes(need.heap()) + " of heap to be decoded; this worker's budget is "
                            + megabytes(budget.heap())
                            + " (image.memoryPercent of the heap). Give the worker more heap (-XX:MaxRAMPercentage or -Xmx)");
        }
        if (need.outside() > budget.outside()) {
            problems.add(
                    "The picture needs " + megabytes(need.outside())
                            + " outside the heap to be decoded; this worker's budget is " + megabytes(budget.outside())
                            + " (what its memory leaves beside the heap and the JVM). Give the worker more memory, or less heap");
        }
        if (!problems.isEmpty()) {
            throw new WorkerLimitException(
                    WorkerLimitException.Reason.NotEnoughMemory, String.join(". ", problems), null);
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
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.pixels.Background;
import io.github.camelthumbnails.image.pixels.OrientationFilter;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes all renditions of one picture from one decode. */
final class RenditionMaker {

    /** Browsers show a frame for the default if its file says this many milliseconds or fewer. */
    private static final int MAX_IGNORED_DELAY = 10;

    private static final int DEFAULT_DELAY = 100;

    /** Minimum delay, so that one of 16 milliseconds is not rounded down to 10 in a GIF, and then ignored. */
    private static final int MIN_DELAY = 20;

    private final byte[] original;
    private final Codec codec;
    private final ImageHeader header;
    private final Codec.Options options;
    private final Stopwatch decoding;
    private final List<Output> outputs;

    /**
     * Plans the renditions of a picture.
     *
     * @param original the original's file
     * @param header header of the file
     */
    RenditionMaker(byte[] original, Codec codec, ImageHeader header, List<Preset> presets, Codec.Options options) {
        this.original = original;
        this.codec = codec;
        this.header = header;
        this.options = options;
        this.decoding =
                new Stopwatch(Stage.Kind.DECODE, codec.format(original), (long) header.width() * header.height());
        this.outputs = presets.stream()
                .map(preset -> Output.plan(preset, codec, header))
                .toList();
    }

    /** Returns what the renditions show, in pixels of the picture before it is turned upright. */
    List<Target> targets() {
        return outputs.stream().map(Output::target).toList();
    }

    /** Returns the memory to decode the whole picture and to make the renditions. */
    Memory memory() {
        return header.memory(memory(output -> output.memory(header.frames())));
    }

    /** Returns the memory to decode the picture with a shortcut and to make the renditions. */
    Memory memory(Codec.Shortcut shortcut) {
        boolean isEncodingOnly = isEncodingOnly(shortcut);
        return shortcut.memory(memory(
                output -> isEncodingOnly ? output.encoderMemory(header.frames()) : output.memory(header.frames())));
    }

    /** Returns the memory for the renditions. They are resized one after the other and then kept. */
    private Memory memory(Function<Output, Memory> memory) {
        long resize = outputs.stream()
                .mapToLong(output -> Resizing.memory(size(), output.target()))
                .max()
                .orElse(0);
        return outputs.stream().map(memory).reduce(Memory.onHeap(resize), Memory::plus);
    }

    /** Returns the parts of the work that were done so far or have failed. */
    List<Stage> stages() {
        return Stream.concat(Stream.of(decoding), outputs.stream().map(Output::encoding))
                .flatMap(stopwatch -> stopwatch.stage().stream())
                .toList();
    }

    /** Makes the renditions after decoding the whole picture. */
    List<Thumbnail> make(BooleanSupplier cancelled) throws IOException {
        List<FrameWriter> writers = new ArrayList<>();
        try {
            openWriters(writers);
            try (FrameReader reader =
                    decoding.open(codec.decoder(original, options), () -> codec.open(original, options, cancelled))) {
                return make(new byte[outputs.size()][], writers, reader, 1, cancelled);
            }
        } finally {
            close(writers);
        }
    }

    /** Creates a writer for each rendition. Fails before anything is decoded if a format does not allow the size. */
    private void openWriters(List<FrameWriter> writers) throws IOException {
        for (Output output : outputs) {
            writers.add(output.writer(options));
        }
    }

    private static void close(List<FrameWriter> writers) throws IOException {
        for (FrameWriter writer : writers) {
            writer.close();
        }
    }

    /**
     * Makes the renditions with a shortcut.
     *
     * @return the renditions; empty if the whole picture has to be decoded
     */
    Optional<List<Thumbnail>> make(Codec.Shortcut shortcut, BooleanSupplier cancelled) throws IOException {
        List<FrameWriter> writers = new ArrayList<>();
        try (shortcut) {
            openWriters(writers);
            byte[][] files = new byte[outputs.size()][];
            boolean all = true;
            for (int i = 0; i < files.length; i++) {
                Output output = outputs.get(i);
                if (output.isEncodedBy(shortcut, codec, header)
                        && decoding.time(shortcut.library(), () -> shortcut.decodeFor(output.size()))) {
                    files[i] = output.encoding()
                            .time(
                                    shortcut.library(),
                                    () -> shortcut.encode(
                                            output.size(), output.preset().quality()))
                            .orElse(null);
                }
                if (files[i] != null) {
                    writers.set(i, FrameWriter.DONE);
                }
                all &= files[i] != null;
            }
            if (all) {
                return Optional.of(make(files, writers, FrameReader.still(null), 1, cancelled));
            }
            if (isEncodingOnly(shortcut)) {
                return Optional.empty(); // no memory was acquired for an image on the heap
            }
            Optional<BufferedImage> image = decoding.time(shortcut.library(), () -> shortcut.image(cancelled));
            return image.isEmpty()
                    ? Optional.empty()
                    : Optional.of(make(files, writers, FrameReader.still(image.get()), shortcut.scale(), cancelled));
        } finally {
            close(writers);
        }
    }

    /** Returns whether all renditions are encoded from the samples of a shortcut, unless the file has a defect. */
    private boolean isEncodingOnly(Codec.Shortcut shortcut) {
        return outputs.stream().allMatch(output -> output.isEncodedBy(shortcut, codec, header));
    }

    private Dimension size() {
        return new Dimension(header.width(), header.height());
    }

    /**
     * Makes the renditions that are not encoded yet.
     *
     * @param files the encoded renditions, or null for those to make
     * @param scale size of the frames relative to that of the picture
     */
    private List<Thumbnail> make(
            byte[][] files, List<FrameWriter> writers, FrameReader reader, double scale, BooleanSupplier cancelled)
            throws IOException {
        writeFrames(reader, scale, writers);
        decoding.finish(original.length);
        List<Thumbnail> renditions = new ArrayList<>();
        for (int i = 0; i < files.length; i++) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("took too long");
            }
            renditions.add(finish(outputs.get(i), files[i], writers.get(i), reader));
        }
        return renditions;
    }

    private void writeFrames(FrameReader reader, double scale, List<FrameWriter> writers) throws IOException {
        List<Integer> wanted = wanting(writers);
        for (BufferedImage frame = reader.next(); frame != null; frame = wanted.isEmpty() ? null : reader.next()) {
            List<Target> targets =
                    wanted.stream().map(i -> outputs.get(i).target()).toList();
            List<BufferedImage> images = Resizing.resize(frame, scale, size(), targets);
            for (int n = 0; n < images.size(); n++) {
                int i = wanted.get(n);
                writers.get(i)
                        .add(finish(images.get(n), outputs.get(i)), delay(reader, outputs.get(i)), reader.plays());
            }
            wanted = wanting(writers);
        }
    }

    /** Returns the indexes of the writers that want another frame. */
    private static List<Integer> wanting(List<FrameWriter> writers) {
        List<Integer> wanting = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            if (writers.get(i).wantsMore()) {
                wanting.add(i);
            }
        }
        return wanting;
    }

    private BufferedImage finish(BufferedImage image, Output output) {
        BufferedImage upright = new OrientationFilter(header.orientation()).apply(image);
        return upright.getColorModel().hasAlpha() && !output.format().codec().hasAlpha()
                ? Background.fill(upright, output.preset().background())
                : upright;
    }

    private int delay(FrameReader reader, Output output) {
        int delay = reader.delayMillis();
        if (output.format().codec() == codec) {
            return delay;
        }
        return delay > MAX_IGNORED_DELAY ? Math.max(MIN_DELAY, delay) : DEFAULT_DELAY;
    }

    /** Completes a rendition, whose file may be encoded already. */
    private Thumbnail finish(Output output, byte[] encoded, FrameWriter writer, FrameReader reader) throws IOException {
        OutputCodec encoder = output.format().codec();
        byte[] file;
        if (encoder == codec) {
            file = encoded != null ? encoded : writer.finish(reader.plays(), Optional.empty());
            file = encoder.copyProfile(original, file, output.size());
        } else {
            Optional<byte[]> profile = reader.profile().or(() -> codec.profile(original));
            file = writer.finish(reader.plays(), profile.filter(RenditionMaker::isOfColors));
        }
        output.encoding().finish(file.length);
        return new Thumbnail(output.preset().name(), file, output.format(), output.size().width, output.size().height);
    }

    /** Returns whether a profile is for RGB. One of greys fits only the format of the original, if that has greys. */
    private static boolean isOfColors(byte[] profile) {
        return profile.length > 20
                && profile.length <= Codec.MAX_PROFILE_BYTES
                && new String(profile, 16, 4, StandardCharsets.US_ASCII).equals("RGB ");
    }
}

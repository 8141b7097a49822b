// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.Target;
import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import io.github.camelthumbnails.image.pixels.LanczosResizer;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Halves a PNG while it is decoded, with the same result as halving the decoded picture, but a fraction of the heap. */
final class PngShortcut implements Codec.Shortcut {

    private static final double SCALE = 0.5;

    /** Maximum bytes per pixel of the half-size picture. */
    private static final int BYTES_PER_PIXEL = Integer.BYTES;

    private final byte[] file;
    private final ImageHeader header;
    private final String library;
    private final Optional<Libdeflate> libdeflate;

    private PngShortcut(byte[] file, ImageHeader header, String library, Optional<Libdeflate> libdeflate) {
        this.file = file;
        this.header = header;
        this.library = library;
        this.libdeflate = libdeflate;
    }

    /**
     * Creates the shortcut. Returns empty if half of the picture is not good enough for a target.
     *
     * @param library name of the library for metrics
     */
    static Optional<Codec.Shortcut> create(
            byte[] file, ImageHeader header, List<Target> targets, String library, Optional<Libdeflate> libdeflate) {
        Dimension size = new Dimension(header.width(), header.height());
        boolean isGood = HalfSizeResizer.canCrop(size.width, size.width % 2)
                && HalfSizeResizer.canCrop(size.height, size.height % 2)
                && targets.stream().allMatch(target -> isGood(size, target));
        return isGood ? Optional.of(new PngShortcut(file, header, library, libdeflate)) : Optional.empty();
    }

    private static boolean isGood(Dimension picture, Target target) {
        Dimension half = new Dimension(picture.width / 2, picture.height / 2);
        return target.shows(picture) && target.size().equals(half)
                || LanczosResizer.halvesFirst(target.crop().getSize(), target.size());
    }

    @Override
    public Memory memory(Memory renditions) {
        long half = (long) (BYTES_PER_PIXEL * SCALE * SCALE * header.area());
        Memory rows = libdeflate.isPresent()
                ? new Memory(0, file.length + (long) (header.need().outsideBytesPerPixel() * header.area()))
                : Memory.onHeap(0);
        return Memory.onHeap(file.length + half).plus(renditions.max(rows));
    }

    @Override
    public double scale() {
        return SCALE;
    }

    @Override
    public String library() {
        return library;
    }

    @Override
    public boolean decodeFor(Dimension size) {
        return false;
    }

    @Override
    public Optional<byte[]> encode(Dimension size, double quality) {
        return Optional.empty();
    }

    @Override
    public Optional<BufferedImage> image(BooleanSupplier cancelled) throws IOException {
        return Optional.of(PngDecoder.decode(file, true, libdeflate, cancelled));
    }

    @Override
    public void close() {
        // The rows are already closed when the picture is decoded.
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.Target;
import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Decodes a JPEG to N/8 of its size with libjpeg-turbo, which skips the pixels that are not needed.
 *
 * <p>For a JPEG of the whole picture, samples are neither converted to RGB nor is their chroma enlarged.
 */
final class TurboJpegShortcut implements Codec.Shortcut {

    /** Name of the library in metrics. */
    static final String LIBRARY = "libjpeg-turbo";

    private static final int EIGHTHS = 8;
    private static final int HALF = 4;

    /**
     * Number of eighths up to which the decoder's result is blurred or has visible blocks, so that it must be reduced
     * further. Measured with photos: without this, the structural similarity (SSIM) is up to 0.008 below that of a full
     * decode.
     */
    private static final int MAX_BLURRED = 3;

    /** Factor by which a picture of few eighths must be larger than the target. */
    private static final double MARGIN = 1.5;

    /**
     * Minimum width and height of a JPEG whose samples are resized as they are. The chroma samples of smaller ones may stand
     * mostly for pixels beyond the edge: the single pixel of a picture would have the colour of a corner.
     */
    private static final int MIN_SIDE = 8;

    /** Bytes per pixel of the scaled picture, which has no alpha channel. */
    private static final int SCALED_BYTES_PER_PIXEL = 3;

    private final TurboJpeg codec;
    private final byte[] file;
    private final ImageHeader header;
    private final int eighths;
    private final boolean isRgb;
    private final boolean isJustEncoded;
    private Optional<TurboJpegPlanes> planes = Optional.empty();

    private TurboJpegShortcut(
            TurboJpeg codec, byte[] file, ImageHeader header, int eighths, boolean isRgb, boolean isJustEncoded) {
        this.codec = codec;
        this.file = file;
        this.header = header;
        this.eighths = eighths;
        this.isRgb = isRgb;
        this.isJustEncoded = isJustEncoded;
    }

    /**
     * Creates the shortcut. Returns empty if rounding to eighths would visibly distort a small picture.
     *
     * @throws IOException if the file is broken
     */
    static Optional<Codec.Shortcut> create(TurboJpeg codec, byte[] file, ImageHeader header, List<Target> targets)
            throws IOException {
        int eighths =
                targets.stream().mapToInt(TurboJpegShortcut::eighths).max().orElseThrow();
        boolean fits = eighths <= EIGHTHS
                && HalfSizeResizer.canCrop(header.width(), header.width() * eighths % EIGHTHS)
                && HalfSizeResizer.canCrop(header.height(), header.height() * eighths % EIGHTHS);
        if (!fits) {
            return Optional.empty();
        }
        Dimension size = new Dimension(header.width(), header.height());
        boolean isRgb = JpegSegment.isRgb(file);
        boolean isJustEncoded = !isRgb
                && targets.size() == 1
                && targets.get(0).shows(size)
                && targets.get(0).size().equals(new Dimension(size.width / 2, size.height / 2))
                && header.orientation() == Orientation.TOP_LEFT;
        return Optional.of(new TurboJpegShortcut(codec, file, header, eighths, isRgb, isJustEncoded));
    }

    /** Returns the smallest N for which N/8 of the picture is good enough for a target. */
    private static int eighths(Target target) {
        return Math.max(
                eighths(target.size().width, target.crop().width), eighths(target.size().height, target.crop().height));
    }

    private static int eighths(int size, int crop) {
        double exact = (double) EIGHTHS * size / crop;
        return (int) Math.ceil(exact > MAX_BLURRED ? exact : MARGIN * exact);
    }

    @Override
    public Memory memory(Memory renditions) {
        long scaled = (long) (SCALED_BYTES_PER_PIXEL * scale() * scale() * header.area());
        long decoder = file.length + (long) (header.need().outsideBytesPerPixel() * header.area());
        // Unless the samples are just encoded, they are on the heap as well, one plane or an image of all.
        return new Memory(isJustEncoded ? 0 : scaled, scaled).plus(renditions.max(new Memory(0, decoder)));
    }

    @Override
    public double scale() {
        return (double) eighths / EIGHTHS;
    }

    @Override
    public String library() {
        return LIBRARY;
    }

    @Override
    public boolean canEncode(Dimension size) {
        return !isRgb && (!isResized(size) || Math.min(size.width, size.height) >= MIN_SIDE);
    }

    @Override
    public boolean decodeFor(Dimension size) {
        if (planes.isEmpty()) {
            planes = codec.decodePlanes(file, new Dimension(header.width(), header.height()), eighths);
        }
        return planes.isPresent();
    }

    @Override
    public Optional<byte[]> encode(Dimension size, double quality) {
        TurboJpegPlanes decoded = planes.orElseThrow();
        if (!isResized(size)) {
            return codec.encode(decoded, size, quality);
        }
        try (TurboJpegPlanes target = decoded.resize(columns(), rows(), size)) {
            return codec.encode(target, size, quality);
        }
    }

    private boolean isResized(Dimension size) {
        boolean isComplete = columns() == size.width && rows() == size.height;
        boolean isHalf = eighths == HALF && (int) columns() == size.width && (int) rows() == size.height;
        return !isComplete && !isHalf; // of half a picture, an odd column or row is cropped
    }

    private double columns() {
        return header.width() * scale();
    }

    private double rows() {
        return header.height() * scale();
    }

    @Override
    public Optional<BufferedImage> image(BooleanSupplier cancelled) {
        return planes.isPresent()
                ? codec.convert(planes.get())
                : codec.decode(file, new Dimension(header.width(), header.height()), eighths);
    }

    @Override
    public void close() {
        planes.ifPresent(TurboJpegPlanes::close);
    }
}

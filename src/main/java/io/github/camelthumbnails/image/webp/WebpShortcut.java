// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.Target;
import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decodes an opaque, lossy still picture to its luma and chroma samples, which take less memory than pixels.
 *
 * <p>For a WebP of the whole picture, samples are neither converted to RGB nor is their chroma enlarged. All other
 * renditions are made of an RGB image of half the size, if that is large enough.
 */
final class WebpShortcut implements Codec.Shortcut {

    /** Name of the library in metrics. */
    static final String LIBRARY = "libwebp";

    /** Factor by which the halved picture must be larger than the target, because resizing less would blur details. */
    private static final double MARGIN = 1.5;

    /**
     * Minimum width and height of a rendition whose samples are resized as they are. The chroma samples of smaller ones
     * may stand mostly for pixels beyond the edge.
     */
    private static final int MIN_SIDE = 8;

    /** Bytes per pixel of the samples. */
    private static final double PLANES = 1.5;

    /** Bytes per pixel of the image of half the size, which is more than its samples and a copy of its luma take. */
    private static final double HALVED = 0.75;

    /** Bytes per pixel of the whole image on the heap. The library fills a copy of it. */
    private static final double IMAGE = 3;

    /** Bytes per pixel of the copy, and of the library's buffers. */
    private static final double IMAGE_OUTSIDE = 3.5;

    private final LibWebp codec;
    private final byte[] file;
    private final ImageHeader header;
    private final boolean isHalved;
    private Optional<WebpPlanes> planes = Optional.empty();
    private Optional<WebpPlanes> halved = Optional.empty();

    private WebpShortcut(LibWebp codec, byte[] file, ImageHeader header, boolean isHalved) {
        this.codec = codec;
        this.file = file;
        this.header = header;
        this.isHalved = isHalved;
    }

    /**
     * Creates the shortcut. Returns empty if the picture has alpha, is lossless or an animation, if a target is larger
     * than the picture, or if rounding to half an odd side would visibly distort a small picture.
     */
    static Optional<Codec.Shortcut> create(LibWebp codec, byte[] file, ImageHeader header, List<Target> targets) {
        boolean fits = header.traits().equals(ImageHeader.Traits.NONE)
                && WebpChunks.extractFirstFrame(file) == file
                && HalfSizeResizer.canCrop(header.width(), header.width() % 2)
                && HalfSizeResizer.canCrop(header.height(), header.height() % 2)
                && targets.stream().allMatch(target -> reduction(target) >= 1);
        if (!fits) {
            return Optional.empty();
        }
        boolean isHalved =
                targets.stream().allMatch(target -> isHalf(target.size(), header) || reduction(target) >= 2 * MARGIN);
        return Optional.of(new WebpShortcut(codec, file, header, isHalved));
    }

    private static double reduction(Target target) {
        return Math.min(
                target.crop().getWidth() / target.size().width, target.crop().getHeight() / target.size().height);
    }

    /** Returns whether a size is half that of the picture, without an odd column or row. */
    private static boolean isHalf(Dimension size, ImageHeader header) {
        return size.width == header.width() / 2 && size.height == header.height() / 2;
    }

    @Override
    public Memory memory(Memory renditions) {
        double heap = isHalved ? HALVED : IMAGE;
        double outside = isHalved ? PLANES + HALVED : IMAGE_OUTSIDE;
        return new Memory((long) (heap * header.area()), file.length + (long) (outside * header.area()))
                .plus(renditions);
    }

    @Override
    public double scale() {
        return isHalved ? 0.5 : 1;
    }

    @Override
    public String library() {
        return LIBRARY;
    }

    @Override
    public boolean canEncode(Dimension size) {
        boolean isResized = !isHalf(size, header) && !size.equals(size());
        return !isResized || Math.min(size.width, size.height) >= MIN_SIDE;
    }

    @Override
    public boolean decodeFor(Dimension size) {
        if (planes.isEmpty()) {
            planes = codec.decodePlanes(file, size());
        }
        return planes.isPresent();
    }

    @Override
    public Optional<byte[]> encode(Dimension size, double quality) {
        WebpPlanes decoded = planes.orElseThrow();
        if (isHalved || isHalf(size, header)) {
            WebpPlanes half = halved.orElseGet(decoded::halve);
            halved = Optional.of(half);
            return isHalf(size, header)
                    ? codec.encode(half, size, quality) // an odd column or row is cropped
                    : encodeResized(half, 0.5, size, quality);
        }
        return size.equals(size()) ? codec.encode(decoded, size, quality) : encodeResized(decoded, 1, size, quality);
    }

    private Optional<byte[]> encodeResized(WebpPlanes from, double scale, Dimension size, double quality) {
        try (WebpPlanes target = from.resize(header.width() * scale, header.height() * scale, size)) {
            return codec.encode(target, size, quality);
        }
    }

    @Override
    public Optional<BufferedImage> image(BooleanSupplier cancelled) {
        if (!isHalved) {
            close(); // because the image needs the memory
            return codec.decode(file, size());
        }
        if (planes.isEmpty()) {
            planes = codec.decodePlanes(file, size());
        }
        return planes.map(WebpPlanes::toHalvedImage);
    }

    private Dimension size() {
        return new Dimension(header.width(), header.height());
    }

    @Override
    public void close() {
        planes.ifPresent(WebpPlanes::close);
        planes = Optional.empty();
        halved.ifPresent(WebpPlanes::close);
        halved = Optional.empty();
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import io.github.camelthumbnails.image.pixels.LanczosResizer;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.resizers.Resizer;

/** Resizes one decoded picture to several targets, the small ones by way of the large ones. */
final class Resizing {

    /**
     * A target is made of a larger one, instead of the picture, if that is at least this many times as large. What the
     * first reduction has blurred is then smaller than a pixel of the second.
     */
    private static final double MIN_REDUCTION = 2;

    /** Size of the picture to which the targets refer. */
    private final Dimension size;

    private Resizing(Dimension size) {
        this.size = size;
    }

    /**
     * An image of the whole picture, of which a target can be made.
     *
     * @param columns width of the picture in columns of the image. If it is not an integer, the last column is partly covered
     * @param rows height of the picture in rows of the image
     */
    private record Source(BufferedImage image, double columns, double rows) {}

    /**
     * Makes an image for each target.
     *
     * @param picture the decoded picture. One that a shortcut has made smaller is returned itself if it is the image for
     *     the only target
     * @param scale size of the decoded picture relative to {@code size}
     * @param size size of the picture to which the targets refer
     * @return the images in the order of the targets, each with a buffer of its own
     */
    static List<BufferedImage> resize(BufferedImage picture, double scale, Dimension size, List<Target> targets)
            throws IOException {
        if (scale < 1 && targets.size() == 1 && isImageFor(targets.get(0), picture, scale, size)) {
            return List.of(picture);
        }
        Resizing resizing = new Resizing(size);
        BufferedImage[] images = new BufferedImage[targets.size()];
        List<Source> sources = new ArrayList<>();
        sources.add(new Source(picture, size.width * scale, size.height * scale));
        int[] largestFirst = IntStream.range(0, images.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -targets.get(i).scale()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i : largestFirst) {
            Target target = targets.get(i);
            images[i] = resizing.resize(resizing.choose(sources, target), target);
            if (target.shows(size)) {
                sources.add(new Source(images[i], target.size().width, target.size().height));
            }
        }
        return Arrays.asList(images);
    }

    /** Returns whether a decoded picture already is the image for a target, and none of its pixels is partly covered. */
    private static boolean isImageFor(Target target, BufferedImage picture, double scale, Dimension size) {
        return target.shows(size)
                && target.size().equals(new Dimension(picture.getWidth(), picture.getHeight()))
                && picture.getWidth() == size.width * scale
                && picture.getHeight() == size.height * scale
                && picture.getType() == HalfSizeResizer.targetType(picture);
    }

    /**
     * Estimates the memory for a resize in bytes, without the images.
     *
     * @param size size of the picture to which the target refers
     */
    static long memory(Dimension size, Target target) {
        Dimension half = new Dimension(Math.max(1, size.width / 2), Math.max(1, size.height / 2));
        return target.shows(size) && target.size().equals(half) // its rows are not buffered
                ? 0
                : LanczosResizer.memory(target.crop().getSize(), target.size());
    }

    /** Returns the smallest source that is large enough. */
    private Source choose(List<Source> sources, Target target) {
        Source smallest = sources.get(0);
        for (Source source : sources) {
            if (source.columns >= MIN_REDUCTION * target.scale() * size.width
                    && source.rows >= MIN_REDUCTION * target.scale() * size.height) {
                smallest = source;
            }
        }
        return smallest;
    }

    private BufferedImage resize(Source source, Target target) throws IOException {
        if (!target.shows(size)) {
            return resize(crop(source, target.crop()), target.size(), HalfSizeResizer.INSTANCE);
        }
        int columns = (int) source.columns;
        int rows = (int) source.rows;
        boolean isComplete = columns == source.columns && rows == source.rows;
        if (target.size().width == columns && target.size().height == rows && (isComplete || isHalf(source))) {
            return resize(source.image.getSubimage(0, 0, columns, rows), target.size(), HalfSizeResizer.INSTANCE);
        }
        return resize(
                source.image,
                target.size(),
                isComplete
                        ? HalfSizeResizer.INSTANCE
                        : LanczosResizer.forExtent(source.image, source.columns, source.rows));
    }

    /** Returns whether the source has half the size of the picture. An odd column or row of it is cropped. */
    private boolean isHalf(Source source) {
        return source.columns * 2 == size.width && source.rows * 2 == size.height;
    }

    private static BufferedImage resize(BufferedImage image, Dimension size, Resizer resizer) throws IOException {
        return Thumbnails.of(image)
                .forceSize(size.width, size.height)
                .imageType(HalfSizeResizer.targetType(image))
                .resizer(resizer)
                .asBufferedImage();
    }

    /** Returns a part of the source, given in pixels of the picture. */
    private BufferedImage crop(Source source, Rectangle crop) {
        double across = source.columns / size.width;
        double down = source.rows / size.height;
        int left = (int) Math.min(Math.round(crop.x * across), source.image.getWidth() - 1);
        int top = (int) Math.min(Math.round(crop.y * down), source.image.getHeight() - 1);
        long right = Math.min(Math.round((crop.x + crop.width) * across), source.image.getWidth());
        long bottom = Math.min(Math.round((crop.y + crop.height) * down), source.image.getHeight());
        return source.image.getSubimage(left, top, (int) Math.max(1, right - left), (int) Math.max(1, bottom - top));
    }
}

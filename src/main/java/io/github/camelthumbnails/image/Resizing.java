// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import io.github.camelthumbnails.image.pixels.RgbImages;
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

/** Resizes one decoded picture to several targets, the small ones by way of the large ones. */
final class Resizing {

    /**
     * A target is made of a larger one, instead of the picture, if that is at least this many times as large. What the
     * first reduction has blurred is then smaller than a pixel of the second.
     */
    private static final double MIN_REDUCTION = 2;

    /** Size of the picture to which the targets refer. The decoded one may be smaller. */
    private final Dimension size;

    private final List<Target> targets;
    private final BufferedImage[] images;

    private Resizing(Dimension size, List<Target> targets) {
        this.size = size;
        this.targets = targets;
        this.images = new BufferedImage[targets.size()];
    }

    /**
     * Makes an image for each target.
     *
     * @param picture the decoded picture, which may be smaller than {@code size}
     * @param size size of the picture to which the targets refer
     * @return the images in the order of the targets, each with a buffer of its own
     */
    static List<BufferedImage> resize(BufferedImage picture, Dimension size, List<Target> targets) throws IOException {
        Resizing resizing = new Resizing(size, targets);
        int[] largestFirst = IntStream.range(0, targets.size())
                .boxed()
                .sorted(Comparator.comparing(i -> -targets.get(i).scale()))
                .mapToInt(Integer::intValue)
                .toArray();
        // Resizers convert an RGB image in place, which the next target and a cropped part would not survive.
        boolean once = targets.size() == 1 && targets.get(0).shows(size);
        BufferedImage reusable = once || !RgbImages.isRgb(picture) ? picture : RgbImages.toBgr(picture);
        List<BufferedImage> sources = new ArrayList<>(List.of(reusable));
        for (int i : largestFirst) {
            Target target = targets.get(i);
            BufferedImage image = resizing.resize(resizing.source(sources, target), target);
            resizing.images[i] = image;
            if (target.shows(size)) {
                sources.add(image);
            }
        }
        return Arrays.asList(resizing.images);
    }

    /** Returns the smallest source that is large enough. */
    private BufferedImage source(List<BufferedImage> sources, Target target) {
        BufferedImage smallest = sources.get(0);
        for (BufferedImage source : sources) {
            if (source.getWidth() >= MIN_REDUCTION * target.scale() * size.width
                    && source.getHeight() >= MIN_REDUCTION * target.scale() * size.height) {
                smallest = source;
            }
        }
        return smallest;
    }

    private BufferedImage resize(BufferedImage source, Target target) throws IOException {
        BufferedImage part = target.shows(size) ? source : crop(source, target.crop());
        return Thumbnails.of(part)
                .forceSize(target.size().width, target.size().height)
                .imageType(HalfSizeResizer.targetType(part))
                .resizer(HalfSizeResizer.INSTANCE)
                .asBufferedImage();
    }

    private BufferedImage crop(BufferedImage source, Rectangle crop) {
        double across = (double) source.getWidth() / size.width;
        double down = (double) source.getHeight() / size.height;
        int left = (int) Math.round(crop.x * across);
        int top = (int) Math.round(crop.y * down);
        int right = (int) Math.max(left + 1, Math.round((crop.x + crop.width) * across));
        int bottom = (int) Math.max(top + 1, Math.round((crop.y + crop.height) * down));
        return source.getSubimage(
                Math.min(left, source.getWidth() - 1),
                Math.min(top, source.getHeight() - 1),
                Math.min(right, source.getWidth()) - Math.min(left, source.getWidth() - 1),
                Math.min(bottom, source.getHeight()) - Math.min(top, source.getHeight() - 1));
    }
}

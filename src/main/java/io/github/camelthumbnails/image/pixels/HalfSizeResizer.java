// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.BufferedImage;
import net.coobird.thumbnailator.resizers.Resizer;
import net.coobird.thumbnailator.resizers.Resizers;

/**
 * Halves both sides of an image several times faster than Java2D. Each pixel of the result is the mean of 2 x 2 pixels;
 * an odd last column or row is cropped. Colours are weighted by alpha, so that transparent pixels do not cause dark or
 * light edges.
 *
 * <p>Copies an image that has the size and the type of the target already.
 *
 * <p>Delegates to Thumbnailator if an odd side is too short to be cropped, and for rare image types, so that the half-size
 * thumbnail of a picture stays what it has always been. Delegates to {@link LanczosResizer} for all other sizes.
 */
public final class HalfSizeResizer implements Resizer {

    /** Minimum length of a side that may be cropped: one pixel of it is less than half a percent. */
    private static final int MIN_CROPPABLE_SIDE = 256;

    /** The only instance, which has no state. */
    public static final Resizer INSTANCE = new HalfSizeResizer();

    // Private, because the Camel CLI instantiates every class with a public no-argument constructor.
    private HalfSizeResizer() {}

    /**
     * Returns the image type for a thumbnail: the smallest one that holds the colours and the alpha channel of the
     * source.
     */
    public static int targetType(BufferedImage source) {
        if (source.getColorModel().hasAlpha()) {
            return BufferedImage.TYPE_INT_ARGB;
        }
        if (RgbImages.isRgb(source)) {
            return BufferedImage.TYPE_3BYTE_BGR;
        }
        if (GreyImages.isBilevel(source)) {
            return BufferedImage.TYPE_BYTE_GRAY;
        }
        return areBytes(source) ? source.getType() : BufferedImage.TYPE_INT_RGB;
    }

    @Override
    public void resize(BufferedImage source, BufferedImage target) {
        if (target.getType() == source.getType() && hasSizeOf(source, target)) {
            source.copyData(target.getRaster());
            return;
        }
        boolean half = isHalf(source.getWidth(), target.getWidth()) && isHalf(source.getHeight(), target.getHeight());
        if (half && areBytes(source) && target.getType() == targetType(source)) {
            halveBytes(source, target);
        } else if (half && GreyImages.isBilevel(source)) {
            GreyImages.halve(source, target);
        } else if (GreyImages.isBilevel(source)) {
            resize(GreyImages.toGrey(source, target), target);
        } else if (half && target.getType() == targetType(source) && ArgbRows.fast(source) != null) {
            halveArgb(source, target);
        } else if (isRoundedHalf(source.getWidth(), target.getWidth())
                && isRoundedHalf(source.getHeight(), target.getHeight())) {
            BufferedImage common = RgbImages.isRgb(source) ? RgbImages.copyToBgr(source) : source;
            // The progressive resizer would halve a side of one pixel to nothing.
            boolean line = source.getWidth() == 1 || source.getHeight() == 1;
            (line ? Resizers.BILINEAR : Resizers.PROGRESSIVE).resize(common, target);
        } else {
            LanczosResizer.INSTANCE.resize(source, target);
        }
    }

    private static boolean hasSizeOf(BufferedImage source, BufferedImage target) {
        return source.getWidth() == target.getWidth() && source.getHeight() == target.getHeight();
    }

    private static boolean isRoundedHalf(int source, int target) {
        return Math.max(1, source / 2) == target;
    }

    private static boolean isHalf(int source, int target) {
        return source == 1 && target == 1 || source / 2 == target && canCrop(source, source % 2);
    }

    /**
     * Returns whether some pixels may be cropped from a side instead of interpolating all others, which is slower. The
     * side must be so long that nobody notices.
     *
     * @param side length of the side in pixels
     * @param pixels number of pixels to crop
     */
    public static boolean canCrop(int side, int pixels) {
        return pixels == 0 || side >= MIN_CROPPABLE_SIDE;
    }

    private static boolean areBytes(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_3BYTE_BGR
                || image.getType() == BufferedImage.TYPE_BYTE_GRAY
                || RgbImages.isRgb(image);
    }

    private static void halveBytes(BufferedImage source, BufferedImage target) {
        ByteRows in = new ByteRows(source.getRaster());
        ByteRows out = new ByteRows(target.getRaster());
        boolean grey = source.getType() == BufferedImage.TYPE_BYTE_GRAY;
        for (int y = 0; y < target.getHeight(); y++) {
            int above = in.row(2 * y);
            int below = in.row(Math.min(2 * y + 1, source.getHeight() - 1));
            int right = source.getWidth() > 1 ? 1 : 0; // an image that is one pixel wide is halved in height only
            if (grey) {
                halveGrey(in.data, above, below, right, out.data, out.row(y), target.getWidth());
            } else {
                int blue = RgbImages.isRgb(source) ? 2 : 0;
                halveColor(in.data, above, below, 3 * right, blue, out.data, out.row(y), target.getWidth());
            }
        }
    }

    private static void halveGrey(byte[] in, int above, int below, int right, byte[] out, int to, int width) {
        for (int x = 0; x < width; x++) {
            out[to + x] = mean(in, above + 2 * x, below + 2 * x, right);
        }
    }

    private static void halveColor(
            byte[] in, int above, int below, int right, int blue, byte[] out, int to, int width) {
        for (int i = 0; i < 3 * width; i += 3) {
            out[to + i] = mean(in, above + 2 * i + blue, below + 2 * i + blue, right);
            out[to + i + 1] = mean(in, above + 2 * i + 1, below + 2 * i + 1, right);
            out[to + i + 2] = mean(in, above + 2 * i + 2 - blue, below + 2 * i + 2 - blue, right);
        }
    }

    private static byte mean(byte[] in, int above, int below, int right) {
        int sum = (in[above] & 0xFF) + (in[above + right] & 0xFF) + (in[below] & 0xFF) + (in[below + right] & 0xFF);
        return (byte) (sum + 2 >> 2);
    }

    private static void halveArgb(BufferedImage source, BufferedImage target) {
        ArgbRows rows = ArgbRows.fast(source);
        int[] above = new int[source.getWidth()];
        int[] below = new int[source.getWidth()];
        int[] out = new int[target.getWidth()];
        int right = source.getWidth() > 1 ? 1 : 0;
        for (int y = 0; y < target.getHeight(); y++) {
            rows.read(2 * y, above);
            rows.read(Math.min(2 * y + 1, source.getHeight() - 1), below);
            for (int x = 0; x < out.length; x++) {
                out[x] = mean(above[2 * x], above[2 * x + right], below[2 * x], below[2 * x + right]);
            }
            ArgbRows.write(target, y, out);
        }
    }

    private static int mean(int a, int b, int c, int d) {
        if (a == b && a == c && a == d) {
            return a;
        }
        if ((a & b & c & d) >>> 24 == 0xFF) {
            // Adds red and blue in one int: the byte between them has room for the carry.
            int redBlue = (a & 0xFF00FF) + (b & 0xFF00FF) + (c & 0xFF00FF) + (d & 0xFF00FF) + 0x020002;
            int green = (a & 0xFF00) + (b & 0xFF00) + (c & 0xFF00) + (d & 0xFF00) + 0x0200;
            return 0xFF000000 | redBlue >>> 2 & 0xFF00FF | green >>> 2 & 0xFF00;
        }
        int alphas = (a >>> 24) + (b >>> 24) + (c >>> 24) + (d >>> 24);
        if (alphas == 0) {
            return 0;
        }
        int red = weighted(a, b, c, d, 16, alphas);
        int green = weighted(a, b, c, d, 8, alphas);
        int blue = weighted(a, b, c, d, 0, alphas);
        return alphas + 2 >> 2 << 24 | red << 16 | green << 8 | blue;
    }

    private static int weighted(int a, int b, int c, int d, int shift, int alphas) {
        int sum = (a >>> 24) * (a >> shift & 0xFF)
                + (b >>> 24) * (b >> shift & 0xFF)
                + (c >>> 24) * (c >> shift & 0xFF)
                + (d >>> 24) * (d >> shift & 0xFF);
        return (sum + alphas / 2) / alphas;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;

/**
 * Draws the pictures of the conformance tests. They are asymmetric, so that a wrong rotation or reflection is detected.
 */
public final class ConformanceScenes {

    private ConformanceScenes() {}

    /** A function from pixel coordinates to colours. */
    public interface Scene {
        int argb(int x, int y);
    }

    /** Draws a scene pixel by pixel. */
    public static BufferedImage draw(int width, int height, Scene scene) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, scene.argb(i % width, i / width));
        }
        return image;
    }

    /**
     * Draws a picture like a photo: soft and sharp edges, texture, and slow colour changes that survive chroma
     * subsampling.
     */
    public static BufferedImage photo(int width, int height) {
        return draw(width, height, (x, y) -> {
            double u = (x + 0.5) / width;
            double v = (y + 0.5) / height;
            double cb = 38 * Math.cos(3.5 * u + 0.5 + v);
            double cr = 38 * Math.sin(4 * v - 1.5 * u);
            double luma = luma(x, y, u, v);
            return rgb(luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb);
        });
    }

    /** Draws {@link #photo} in grey. */
    public static BufferedImage greyPhoto(int width, int height) {
        return draw(width, height, (x, y) -> {
            double luma = luma(x, y, (x + 0.5) / width, (y + 0.5) / height);
            return rgb(luma, luma, luma);
        });
    }

    private static double luma(int x, int y, double u, double v) {
        double luma = 122 + 28 * Math.sin(5 * u + 2 * v * v) + 18 * Math.cos(9 * v - 3 * u * u);
        luma += 9 * Math.sin(0.55 * x) * Math.cos(0.4 * y + 0.1 * x);
        luma += 25 * Math.min(1, Math.max(0, (0.2 - Math.hypot(u - 0.65, v - 0.4)) * 60)); // a disc
        boolean bar = u > 0.1 && u < 0.35 && v > 0.12 && v < 0.22;
        boolean post = u > 0.1 && u < 0.16 && v > 0.12 && v < 0.6;
        return bar || post ? luma - 35 : luma;
    }

    /** Draws a ramp for pictures of a few pixels: each is brighter than the previous one. */
    public static BufferedImage ramp(int width, int height) {
        return draw(width, height, (x, y) -> {
            double luma = 70 + 100.0 * x / Math.max(4, width) + 60.0 * y / Math.max(4, height);
            return rgb(luma + 12, luma, luma - 15);
        });
    }

    /** Draws six patches of strong colours within the sRGB gamut. */
    public static BufferedImage patches(int width, int height) {
        int[] colors = {0xC83228, 0x32B446, 0x2846BE, 0xDCC828, 0xB432AA, 0x28AAB4};
        return draw(width, height, (x, y) -> 0xFF000000 | colors[x * 3 / width + y * 2 / height * 3]);
    }

    /** Returns palette indices that grow from left to right, with a ring of other indices. */
    public static int[][] indices(int width, int height, int colors) {
        int[][] indices = new int[height][width];
        for (int i = 0; i < width * height; i++) {
            double u = (double) (i % width) / width;
            double v = (double) (i / width) / height;
            boolean ring = Math.abs(Math.hypot(u - 0.6, v - 0.35) - 0.25) < 0.05;
            indices[i / width][i % width] = ring ? 0 : (int) ((0.2 * v + 0.8 * u) * colors);
        }
        return indices;
    }

    /** Returns a palette of gradually changing colours. */
    public static int[] palette(int colors) {
        int[] palette = new int[colors];
        for (int i = 0; i < colors; i++) {
            double t = (double) i / colors;
            palette[i] = rgb(40 + 180 * t, 200 - 150 * t, 128 + 80 * Math.sin(6 * t));
        }
        return palette;
    }

    /** Draws palette indices in their colours. */
    public static BufferedImage lookUp(int[][] indices, int[] palette) {
        return draw(indices[0].length, indices.length, (x, y) -> palette[indices[y][x]]);
    }

    /** Draws a disc with a soft edge on a transparent background that has a hidden colour. */
    public static BufferedImage disc(int width, int height, int color, int hidden) {
        return draw(width, height, (x, y) -> {
            double distance = Math.hypot(x + 0.5 - width * 0.45, y + 0.5 - height * 0.5);
            double alpha = Math.max(0, Math.min(1, (height * 0.4 - distance) / 3));
            return alpha == 0 ? hidden & 0xFFFFFF : (int) Math.round(alpha * 255) << 24 | color & 0xFFFFFF;
        });
    }

    /** Draws a photo that gets gradually more transparent. */
    public static BufferedImage translucent(int width, int height) {
        BufferedImage photo = photo(width, height);
        return draw(width, height, (x, y) -> photo.getRGB(x, y) & 0xFFFFFF | (255 - 200 * x / width) << 24);
    }

    /** Reduces the samples of a picture to fewer bits. */
    public static BufferedImage reduced(BufferedImage image, int bits) {
        int most = (1 << bits) - 1;
        return draw(image.getWidth(), image.getHeight(), (x, y) -> {
            int argb = image.getRGB(x, y);
            int result = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int sample = Math.round((argb >> shift & 0xFF) * most / 255f);
                result |= Math.round(sample * 255f / most) << shift;
            }
            return result;
        });
    }

    /** Rotates and mirrors an upright picture so that it is stored in an EXIF orientation. */
    public static BufferedImage stored(BufferedImage upright, int orientation) {
        int w = upright.getWidth();
        int h = upright.getHeight();
        // The comments name the sides that row 0 and column 0 of the stored picture show, as in the standard.
        return switch (orientation) {
            case 1 -> upright; // top, left
            case 2 -> draw(w, h, (x, y) -> upright.getRGB(w - 1 - x, y)); // top, right
            case 3 -> draw(w, h, (x, y) -> upright.getRGB(w - 1 - x, h - 1 - y)); // bottom, right
            case 4 -> draw(w, h, (x, y) -> upright.getRGB(x, h - 1 - y)); // bottom, left
            case 5 -> draw(h, w, (x, y) -> upright.getRGB(y, x)); // left, top
            case 6 -> draw(h, w, (x, y) -> upright.getRGB(w - 1 - y, x)); // right, top
            case 7 -> draw(h, w, (x, y) -> upright.getRGB(w - 1 - y, h - 1 - x)); // right, bottom
            case 8 -> draw(h, w, (x, y) -> upright.getRGB(y, h - 1 - x)); // left, bottom
            default -> throw new IllegalArgumentException("orientation " + orientation);
        };
    }

    private static int rgb(double red, double green, double blue) {
        return 0xFF000000 | clip(red) << 16 | clip(green) << 8 | clip(blue);
    }

    private static int clip(double value) {
        return (int) Math.round(Math.max(0, Math.min(255, value)));
    }

    public static BufferedImage as(int type, BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), type);
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            int x = i % image.getWidth();
            int y = i / image.getWidth();
            if (type == BufferedImage.TYPE_BYTE_GRAY) {
                copy.getRaster().setSample(x, y, 0, image.getRGB(x, y) & 0xFF); // setRGB would convert it
            } else {
                copy.setRGB(x, y, image.getRGB(x, y));
            }
        }
        return copy;
    }

    public static BufferedImage onWhite(BufferedImage image) {
        return ConformanceScenes.draw(image.getWidth(), image.getHeight(), (x, y) -> {
            int argb = image.getRGB(x, y);
            int alpha = argb >>> 24;
            int rgb = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                rgb |= ((argb >> shift & 0xFF) * alpha + 255 * (255 - alpha)) / 255 << shift;
            }
            return 0xFF000000 | rgb;
        });
    }

    public static BufferedImage indexed(int[][] indices, int[] palette, int depth) {
        int width = indices[0].length;
        IndexColorModel model = new IndexColorModel(depth, palette.length, palette, 0, false, -1, 0);
        int type = depth == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
        BufferedImage image = new BufferedImage(width, indices.length, type, model);
        for (int i = 0; i < width * indices.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, indices[i / width][i % width]);
        }
        return image;
    }
}

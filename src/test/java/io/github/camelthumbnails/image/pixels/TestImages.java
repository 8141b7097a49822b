// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.stream.Stream;

/** Creates and compares images of all types. */
final class TestImages {

    /** The only colour in the palettes of these images, except black. */
    static final Color COLOR = new Color(0x39, 0xA5, 0xEF);

    private TestImages() {}

    /** Returns an empty image of each type that is read in a different way. */
    static Stream<BufferedImage> types() {
        return Stream.of(
                new BufferedImage(120, 80, BufferedImage.TYPE_3BYTE_BGR),
                RgbImages.create(120, 80),
                new BufferedImage(120, 80, BufferedImage.TYPE_BYTE_GRAY),
                new BufferedImage(120, 80, BufferedImage.TYPE_USHORT_GRAY),
                new BufferedImage(120, 80, BufferedImage.TYPE_INT_RGB),
                new BufferedImage(120, 80, BufferedImage.TYPE_INT_ARGB),
                new BufferedImage(120, 80, BufferedImage.TYPE_INT_ARGB_PRE),
                new BufferedImage(120, 80, BufferedImage.TYPE_4BYTE_ABGR),
                new BufferedImage(120, 80, BufferedImage.TYPE_BYTE_INDEXED, palette()),
                new BufferedImage(120, 80, BufferedImage.TYPE_USHORT_565_RGB));
    }

    private static IndexColorModel palette() {
        byte[] red = {0, (byte) COLOR.getRed()};
        byte[] green = {0, (byte) COLOR.getGreen()};
        byte[] blue = {0, (byte) COLOR.getBlue()};
        return new IndexColorModel(8, 2, red, green, blue);
    }

    /** Fills an image with a colour. */
    static void fill(BufferedImage image, Color color) {
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.dispose();
    }

    /** Draws waves that differ between the colours and, if there is an alpha channel, from alpha. */
    static void paint(BufferedImage image) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int alpha = image.getColorModel().hasAlpha() ? wave(x, y, 0.05, 0.02) : 255;
                int red = wave(x, y, 0.21, 0.05);
                int green = wave(x, y, 0.03, 0.3);
                int blue = wave(x, y, 0.1, -0.1);
                image.setRGB(x, y, alpha << 24 | red << 16 | green << 8 | blue);
            }
        }
    }

    private static int wave(int x, int y, double across, double down) {
        return (int) Math.round(127.5 + 110 * Math.sin(x * across + y * down));
    }

    /** Returns the image as Java2D draws it. */
    static BufferedImage drawn(BufferedImage image) {
        BufferedImage argb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = argb.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return argb;
    }

    /** Returns the pixels of an image. */
    static int[] argb(BufferedImage image) {
        BufferedImage drawn = image.getType() == BufferedImage.TYPE_INT_ARGB ? image : drawn(image);
        return drawn.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** Returns the root mean square difference of the samples, multiplied by alpha. */
    static double difference(BufferedImage actual, BufferedImage expected) {
        int[] a = argb(actual);
        int[] b = argb(expected);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int shift = 0; shift < 32; shift += 8) {
                double difference = sample(a[i], shift) - sample(b[i], shift);
                sum += difference * difference;
            }
        }
        return Math.sqrt(sum / 4 / a.length);
    }

    /** Returns a sample multiplied by alpha, or alpha. */
    static double sample(int argb, int shift) {
        double alpha = argb >>> 24;
        return shift == 24 ? alpha : (argb >> shift & 0xFF) * alpha / 255;
    }
}

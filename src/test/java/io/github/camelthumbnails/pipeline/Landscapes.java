// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Draws pictures for screenshots: a sun above mountains, in colours and shapes that depend on a number. */
final class Landscapes {

    private Landscapes() {}

    /** Draws a small picture as PNG. */
    static byte[] png(int seed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(draw(seed, 600, 400), "png", out);
        return out.toByteArray();
    }

    /** Draws a picture like that of a camera: a JPEG of some 100 kB, with noise. */
    static byte[] photo(int seed) throws IOException {
        boolean isUpright = seed % 5 == 3;
        int side = 1000 + 200 * (seed * 7 % 5);
        BufferedImage image = draw(seed, isUpright ? side * 3 / 4 : side, isUpright ? side : side * 3 / 4);
        Random random = new Random(seed);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int noise = random.nextInt(5) - 2;
                Color colour = new Color(image.getRGB(x, y));
                image.setRGB(
                        x,
                        y,
                        noisy(colour.getRed(), noise) << 16
                                | noisy(colour.getGreen(), noise) << 8
                                | noisy(colour.getBlue(), noise));
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(0.93f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static int noisy(int sample, int noise) {
        return Math.max(0, Math.min(255, sample + noise));
    }

    private static BufferedImage draw(int seed, int width, int height) {
        Random random = new Random(new SplittableRandom(seed).nextLong()); // similar seeds would make similar pictures
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float cool = 0.48f + 0.3f * random.nextFloat();
        Color top = Color.getHSBColor(cool, 0.55f, 0.4f + 0.5f * random.nextFloat());
        Color horizon = Color.getHSBColor(0.02f + 0.11f * random.nextFloat(), 0.4f, 0.98f);
        graphics.setPaint(new GradientPaint(0, 0, top, 0, 0.72f * height, horizon));
        graphics.fillRect(0, 0, width, height);
        int sun = Math.min(width, height) * (14 + random.nextInt(10)) / 100;
        graphics.setColor(new Color(0xFFEFC2));
        graphics.fillOval((int) ((0.1 + 0.65 * random.nextFloat()) * width), (int) (0.26 * height), sun, sun);
        Color near = Color.getHSBColor(cool - 0.05f + 0.1f * random.nextFloat(), 0.55f, 0.2f);
        for (int ridge = 0; ridge < 4; ridge++) {
            graphics.setColor(mix(horizon, near, 0.35f + 0.2f * ridge));
            graphics.fill(ridge(random, width, height, 0.5 + 0.12 * ridge));
        }
        graphics.dispose();
        return image;
    }

    /** Returns the outline of mountains: a sum of waves, the shorter the lower. */
    private static Path2D ridge(Random random, int width, int height, double level) {
        double[] phases = random.doubles(5, 0, 2 * Math.PI).toArray();
        double scale = (0.6 + 0.8 * random.nextDouble()) * 2 * Math.PI / width;
        Path2D path = new Path2D.Double();
        path.moveTo(0, height);
        for (int x = 0; x <= width; x += 3) {
            double wave = 0;
            for (int i = 0; i < phases.length; i++) {
                wave += Math.sin(x * scale * Math.pow(2.1, i) + phases[i]) / Math.pow(2.2, i);
            }
            path.lineTo(x, (level - 0.07 * wave) * height);
        }
        path.lineTo(width, height);
        path.closePath();
        return path;
    }

    private static Color mix(Color one, Color other, float share) {
        return new Color(
                Math.round(one.getRed() + share * (other.getRed() - one.getRed())),
                Math.round(one.getGreen() + share * (other.getGreen() - one.getGreen())),
                Math.round(one.getBlue() + share * (other.getBlue() - one.getBlue())));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/**
 * Draws the scene of the HEIC and AVIF test files: a red, a green, a blue and a yellow quarter, each with a gradient.
 * The alpha channel goes from opaque on the left to transparent on the right.
 *
 * <p>{@link #main} writes the originals that {@code heif-enc} of libheif 1.15 converted to the files in
 * {@code src/test/resources/heif}; see the README there for the commands.
 */
final class HeifScene {

    private static final int[][] QUARTERS = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0}};

    private HeifScene() {}

    /** Draws the scene. */
    static BufferedImage draw(int width, int height, boolean alpha) {
        BufferedImage image =
                new BufferedImage(width, height, alpha ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int opacity = alpha ? 255 - 255 * x / (width - 1) : 255;
                int argb = opacity << 24;
                for (int band = 0; band < 3; band++) {
                    argb |= sample(x, y, width, height, band) << 16 - 8 * band;
                }
                image.setRGB(x, y, argb);
            }
        }
        return image;
    }

    private static int sample(int x, int y, int width, int height, int band) {
        int quarter = 2 * (2 * y / height) + 2 * x / width;
        return 32 + QUARTERS[quarter][band] * 3 / 5 + 64 * y / height;
    }

    /** Rotates a picture clockwise by 90 degrees. */
    static BufferedImage turn(BufferedImage image) {
        BufferedImage turned = new BufferedImage(image.getHeight(), image.getWidth(), image.getType());
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                turned.setRGB(image.getHeight() - 1 - y, x, image.getRGB(x, y));
            }
        }
        return turned;
    }

    /** Returns the mean difference of all samples of two pictures, including alpha. */
    static double meanDifference(BufferedImage a, BufferedImage b) {
        long sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                int alphas = (a.getRGB(x, y) >>> 24) + (b.getRGB(x, y) >>> 24);
                for (int shift = 0; shift < 32; shift += 8) {
                    int difference = Math.abs((a.getRGB(x, y) >> shift & 0xFF) - (b.getRGB(x, y) >> shift & 0xFF));
                    sum += shift == 24 || alphas > 128
                            ? difference
                            : 0; // ignore the colour of nearly transparent pixels
                }
            }
        }
        return sum / (4.0 * a.getWidth() * a.getHeight());
    }

    /**
     * Writes the original pictures.
     *
     * @param args the target directory
     */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        ImageIO.write(
                draw(120, 80, false), "png", directory.resolve("plain.png").toFile());
        ImageIO.write(
                draw(960, 720, false), "png", directory.resolve("large.png").toFile());
        ImageIO.write(draw(101, 67, false), "png", directory.resolve("odd.png").toFile());
        ImageIO.write(draw(120, 80, true), "png", directory.resolve("alpha.png").toFile());
        ImageIO.write(draw(64, 64, false), "png", directory.resolve("tile.png").toFile());
        BufferedImage premultiplied = draw(120, 80, true);
        for (int i = 0; i < 120 * 80; i++) {
            int argb = premultiplied.getRGB(i % 120, i / 120);
            int multiplied = argb & 0xFF000000;
            for (int shift = 0; shift < 24; shift += 8) {
                multiplied |= (argb >> shift & 0xFF) * (argb >>> 24) / 255 << shift;
            }
            premultiplied.setRGB(i % 120, i / 120, multiplied);
        }
        ImageIO.write(
                premultiplied, "png", directory.resolve("premultiplied.png").toFile());
        Files.write(directory.resolve("deep.png"), png(120, 80, new byte[0]));
        byte[] profile = java.awt.color.ICC_Profile.getInstance(java.awt.color.ColorSpace.CS_LINEAR_RGB)
                .getData();
        Files.write(directory.resolve("profile.png"), png(120, 80, profile));
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(draw(120, 80, false), "jpg", jpeg);
        byte[] exif = "\0\0\0\0Exif\0\0MM\0*\0\0\0\b\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
                .getBytes(StandardCharsets.ISO_8859_1);
        exif[0] = (byte) 0xFF;
        exif[1] = (byte) 0xE1;
        exif[3] = (byte) (exif.length - 2);
        byte[] bytes = jpeg.toByteArray();
        try (OutputStream file = Files.newOutputStream(directory.resolve("turned.jpg"))) {
            file.write(bytes, 0, 2);
            file.write(exif);
            file.write(bytes, 2, bytes.length - 2);
        }
    }

    /** Encodes a PNG: with 16 bits if there is no profile, with 8 bits if there is one. */
    private static byte[] png(int width, int height, byte[] profile) throws IOException {
        boolean deep = profile.length == 0;
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (int y = 0; y < height; y++) {
            rows.write(0);
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < 3; band++) {
                    int sample = sample(x, y, width, height, band);
                    rows.write(sample);
                    if (deep) {
                        rows.write(sample);
                    }
                }
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream png = new DataOutputStream(out);
        png.writeLong(0x89504E470D0A1A0AL);
        chunk(png, "IHDR", new byte[] {0, 0, 0, (byte) width, 0, 0, 0, (byte) height, (byte) (deep ? 16 : 8), 2, 0, 0, 0
        });
        if (!deep) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            content.write(new byte[] {'p', 0, 0});
            content.write(deflated(profile));
            chunk(png, "iCCP", content.toByteArray());
        }
        chunk(png, "IDAT", deflated(rows.toByteArray()));
        chunk(png, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        return out.toByteArray();
    }

    private static void chunk(DataOutputStream png, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        byte[] checked = Arrays.copyOf(name, 4 + content.length);
        System.arraycopy(content, 0, checked, 4, content.length);
        CRC32 checksum = new CRC32();
        checksum.update(checked);
        png.writeInt(content.length);
        png.write(checked);
        png.writeInt((int) checksum.getValue());
    }
}

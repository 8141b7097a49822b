// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/** Pictures and checks for the tests of {@link AvifEncoder}. */
final class AvifPictures {

    private AvifPictures() {}

    /** Skips the test without libheif and an encoder for AV1, unless it runs in continuous integration. */
    static void assumeEncoder() {
        boolean continuousIntegration = "true".equals(System.getenv("CI"));
        assumeThat(AvifEncoder.find().isPresent() && LibHeif.find().isPresent() || continuousIntegration)
                .as("libheif with an encoder for AV1 is not installed")
                .isTrue();
    }

    static BufferedImage decode(byte[] file) throws IOException {
        return read(file).image();
    }

    static LibHeif.Decoded read(byte[] file) throws IOException {
        HeifHeader header = HeifHeader.read(file);
        assertThat(header.kind()).isEqualTo(HeifHeader.Kind.AVIF);
        return LibHeif.find().orElseThrow().decode(file, header, () -> false);
    }

    static BufferedImage convert(BufferedImage image, int type) {
        BufferedImage converted = new BufferedImage(image.getWidth(), image.getHeight(), type);
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            int x = i % image.getWidth();
            converted.setRGB(x, i / image.getWidth(), image.getRGB(x, i / image.getWidth()));
        }
        return converted;
    }

    static BufferedImage plain(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0xA0C06030);
        }
        return image;
    }

    static BufferedImage grey(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < width * height; i++) {
            image.getRaster().setSample(i % width, i / width, 0, 255 * (i % width) / (width - 1));
        }
        return image;
    }

    /** Returns a picture with the samples of {@link #grey} in each channel. */
    static BufferedImage gradient(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0x010101 * (255 * (i % width) / (width - 1)));
        }
        return image;
    }

    static BufferedImage noise(int width, int height) {
        BufferedImage image = HeifScene.draw(width, height, false);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, image.getRGB(i % width, i / width) ^ random.nextInt() & 0x1F1F1F);
        }
        return image;
    }

    static Optional<byte[]> profile(int colorSpace) {
        return Optional.of(ICC_Profile.getInstance(colorSpace).getData());
    }

    /** Returns the number of channels that the file lists. */
    static int channels(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return text.charAt(text.indexOf("pixi") + 8);
    }

    static byte[] codedColors(int primaries, int transfer) {
        return ("colrnclx\0" + (char) primaries + "\0" + (char) transfer + "\0\6\u0080")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    static void assertLike(BufferedImage image, BufferedImage expected) {
        assertThat(image.getWidth()).isEqualTo(expected.getWidth());
        assertThat(image.getHeight()).isEqualTo(expected.getHeight());
        assertThat(HeifScene.meanDifference(image, expected)).isLessThan(3);
    }
}

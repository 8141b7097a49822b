// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the exact colours of a half-size thumbnail: the rounded means of 2 x 2 pixels. */
class HalfSizeTest {

    /** Returns PNGs, which are lossless, so that the thumbnail has exactly the colours that the resizer computed. */
    static Stream<Arguments> everyPixelIsTheRoundedMeanOfFour() {
        BufferedImage grey = noise(BufferedImage.TYPE_BYTE_GRAY, 64, 48);
        BufferedImage rgb = noise(BufferedImage.TYPE_3BYTE_BGR, 64, 48);
        BufferedImage rgba = noise(BufferedImage.TYPE_4BYTE_ABGR, 64, 48);
        return Stream.of(
                Arguments.of("grey", png(grey)),
                Arguments.of("RGB", png(rgb)),
                Arguments.of("opaque RGBA", png(opaque(64, 48))),
                Arguments.of("translucent RGBA", png(rgba)),
                Arguments.of("palette", png(palette(false, 64, 48))),
                Arguments.of("palette with alpha", png(palette(true, 64, 48))),
                Arguments.of("grey, rows with all filters", ConformancePng.write(grey, ConformancePng.GREY, 8, false)),
                Arguments.of("RGB, rows with all filters", ConformancePng.write(rgb, ConformancePng.RGB, 8, false)),
                Arguments.of("RGBA, rows with all filters", ConformancePng.write(rgba, ConformancePng.RGBA, 8, false)),
                Arguments.of("a single column", png(noise(BufferedImage.TYPE_3BYTE_BGR, 1, 40))),
                Arguments.of("a single row", png(noise(BufferedImage.TYPE_4BYTE_ABGR, 40, 1))),
                Arguments.of("long odd sides", png(noise(BufferedImage.TYPE_3BYTE_BGR, 257, 259))),
                Arguments.of("long odd sides with alpha", png(noise(BufferedImage.TYPE_4BYTE_ABGR, 257, 259))));
    }

    private static byte[] png(BufferedImage image) {
        return Pictures.encode(image, ImageFormat.PNG);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void everyPixelIsTheRoundedMeanOfFour(String name, byte[] png) throws Exception {
        BufferedImage stored = Pictures.decode(png); // with unconverted grey samples

        BufferedImage half =
                Pictures.decode(Conformance.THUMBNAILER.thumbnail(png).bytes());

        BufferedImage expected = new BufferedImage(half.getWidth(), half.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < half.getHeight(); y++) {
            int below = Math.min(2 * y + 1, stored.getHeight() - 1);
            for (int x = 0; x < half.getWidth(); x++) {
                int right = Math.min(2 * x + 1, stored.getWidth() - 1);
                expected.setRGB(
                        x,
                        y,
                        mean(
                                stored.getRGB(2 * x, 2 * y),
                                stored.getRGB(right, 2 * y),
                                stored.getRGB(2 * x, below),
                                stored.getRGB(right, below)));
            }
        }
        assertThat(visible(half)).isEqualTo(visible(expected));
    }

    /** Computes the mean of four colours, weighted by their alpha and rounded half up. */
    private static int mean(int... pixels) {
        int alphas = 0;
        int[] sums = new int[3];
        for (int pixel : pixels) {
            Color color = new Color(pixel, true);
            alphas += color.getAlpha();
            sums[0] += color.getAlpha() * color.getRed();
            sums[1] += color.getAlpha() * color.getGreen();
            sums[2] += color.getAlpha() * color.getBlue();
        }
        double weight = Math.max(1, alphas);
        return (int) Math.round(alphas / 4.0) << 24
                | (int) Math.round(sums[0] / weight) << 16
                | (int) Math.round(sums[1] / weight) << 8
                | (int) Math.round(sums[2] / weight);
    }

    /** Returns the pixels as ARGB, with the colour of transparent ones removed. */
    private static int[] visible(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixels[i] >>> 24 == 0 ? 0 : pixels[i];
        }
        return pixels;
    }

    /** Returns a picture of random samples; a quarter of the alpha values is 0, another quarter 255. */
    private static BufferedImage noise(int type, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, type);
        byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        Random random = new Random(1);
        random.nextBytes(samples);
        if (image.getColorModel().hasAlpha()) {
            for (int i = 0; i < samples.length; i += 4) {
                int kind = random.nextInt(4);
                samples[i] = kind == 0 ? 0 : kind == 1 ? (byte) 0xFF : samples[i];
            }
        }
        return image;
    }

    private static BufferedImage opaque(int width, int height) {
        BufferedImage image = noise(BufferedImage.TYPE_4BYTE_ABGR, width, height);
        byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < samples.length; i += 4) {
            samples[i] = (byte) 0xFF;
        }
        return image;
    }

    /** Returns a picture of 256 random colours. */
    private static BufferedImage palette(boolean alpha, int width, int height) {
        int[] colors = new Random(2)
                .ints(256)
                .map(color -> alpha ? color : color | 0xFF000000)
                .toArray();
        IndexColorModel model = new IndexColorModel(8, 256, colors, 0, alpha, -1, 0);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        new Random(3).nextBytes(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
        return image;
    }

    /** Rotates pixel by pixel. The thumbnail is wider than the strips in which pixels are copied. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR})
    void everyPixelOfARotatedPictureIsInPlace(int type) throws Exception {
        byte[] png = png(noise(type, 150, 20));
        byte[] upsideDown = Pictures.withOrientation(png, ImageFormat.PNG, 3);

        int[] stored =
                visible(Pictures.decode(Conformance.THUMBNAILER.thumbnail(png).bytes()));
        int[] turned = visible(
                Pictures.decode(Conformance.THUMBNAILER.thumbnail(upsideDown).bytes()));

        int last = stored.length - 1;
        assertThat(turned)
                .isEqualTo(IntStream.rangeClosed(0, last)
                        .map(i -> stored[last - i])
                        .toArray());
    }
}

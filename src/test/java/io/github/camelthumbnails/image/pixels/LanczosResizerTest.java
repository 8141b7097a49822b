// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the pixels that the resizer computes, for all image types and many combinations of sizes. */
class LanczosResizerTest {

    private static final Color COLOR = TestImages.COLOR;

    @ParameterizedTest
    @MethodSource("io.github.camelthumbnails.image.pixels.TestImages#types")
    void aFlatColorStaysExactlyTheSame(BufferedImage source) {
        TestImages.fill(source, COLOR);
        int color = TestImages.drawn(source).getRGB(0, 0);

        for (int[] size : new int[][] {{120, 80}, {97, 71}, {50, 33}, {17, 9}, {3, 2}, {1, 1}, {200, 150}}) {
            assertThat(TestImages.argb(resize(source, size[0], size[1]))).containsOnly(color);
        }
    }

    @Test
    void everyGreyStaysExactlyTheSame() {
        BufferedImage source = new BufferedImage(64, 48, BufferedImage.TYPE_INT_ARGB);
        for (int grey = 0; grey < 256; grey++) {
            TestImages.fill(source, new Color(grey, grey, grey));
            assertThat(TestImages.argb(resize(source, 23, 17))).containsOnly(0xFF000000 | grey * 0x010101);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.camelthumbnails.image.pixels.TestImages#types")
    void theResultHasTheTypeAndTheColorsOfItsSource(BufferedImage source) {
        TestImages.paint(source);

        BufferedImage actual = resize(source, 41, 31);

        assertThat(TestImages.difference(actual, ExactLanczos.resize(TestImages.drawn(source), 41, 31)))
                .isLessThan(1);
        assertThat(actual.getType()).isEqualTo(HalfSizeResizer.targetType(source));
    }

    /** Sizes that are filtered directly, after means of 2, 4 and 8 pixels, and of one axis only. */
    @ParameterizedTest
    @CsvSource({
        "120, 80, 120, 80, 0.1",
        "120, 80, 97, 79, 0.8",
        "120, 80, 43, 31, 0.8",
        "121, 83, 40, 27, 2",
        "240, 161, 37, 25, 3",
        "499, 333, 33, 21, 3",
        "240, 160, 239, 20, 3",
        "240, 160, 30, 159, 3",
        "30, 20, 97, 55, 0.8"
    })
    void theResultIsCloseToAnExactFilter(int width, int height, int targetWidth, int targetHeight, double bound) {
        BufferedImage source = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        TestImages.paint(source);

        BufferedImage actual = resize(source, targetWidth, targetHeight);

        assertThat(TestImages.difference(actual, ExactLanczos.resize(source, targetWidth, targetHeight)))
                .isLessThan(bound);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelthumbnails.image.pixels.TestImages#types")
    void aCropIsReadInPlace(BufferedImage source) {
        TestImages.paint(source);
        BufferedImage crop = source.getSubimage(13, 7, 83, 61);
        WritableRaster pixels = crop.getRaster().createCompatibleWritableRaster(83, 61);
        pixels.setRect(crop.getRaster());
        BufferedImage copy = new BufferedImage(source.getColorModel(), pixels, source.isAlphaPremultiplied(), null);

        for (int[] size : new int[][] {{83, 61}, {60, 60}, {20, 15}}) {
            assertThat(TestImages.argb(resize(crop, size[0], size[1])))
                    .isEqualTo(TestImages.argb(resize(copy, size[0], size[1])));
        }
        assertThat(HalfSizeResizer.targetType(crop)).isEqualTo(HalfSizeResizer.targetType(source));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
    void transparentPixelsDoNotColorEdges(int type) {
        BufferedImage source = new BufferedImage(100, 100, type);
        for (int i = 0; i < 100 * 100; i++) {
            boolean inside = Math.hypot(i % 100 - 49.5, i / 100 - 49.5) < 35;
            source.setRGB(i % 100, i / 100, inside ? COLOR.getRGB() : 0x00FF0000);
        }

        for (int side : new int[] {77, 40, 30, 10, 150}) {
            int translucent = 0;
            for (int argb : TestImages.argb(resize(source, side, side))) {
                int alpha = argb >>> 24;
                translucent += alpha > 0 && alpha < 255 ? 1 : 0;
                if (alpha == 0) {
                    assertThat(argb).isZero();
                } else if (alpha > 16) {
                    Color color = new Color(argb);
                    assertThat(color.getRed()).isCloseTo(COLOR.getRed(), within(4));
                    assertThat(color.getGreen()).isCloseTo(COLOR.getGreen(), within(4));
                    assertThat(color.getBlue()).isCloseTo(COLOR.getBlue(), within(4));
                }
            }
            assertThat(translucent).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {700, 500, 399, 333, 150, 90, 31, 1500})
    void aGradientStaysMonotone(int length) {
        BufferedImage across = new BufferedImage(1000, 3, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage down = new BufferedImage(3, 1000, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 1000; i++) {
            for (int j = 0; j < 3; j++) {
                across.getRaster().setSample(i, j, 0, i * 256 / 1000);
                down.getRaster().setSample(j, i, 0, i * 256 / 1000);
            }
        }

        int[] row = resize(across, length, 1).getRaster().getSamples(0, 0, length, 1, 0, (int[]) null);
        int[] column = resize(down, 1, length).getRaster().getSamples(0, 0, 1, length, 0, (int[]) null);

        assertThat(row).isSorted();
        assertThat(column).isSorted();
        assertThat(row[0]).isLessThanOrEqualTo(256 / Math.min(length, 256));
        assertThat(row[length - 1]).isGreaterThanOrEqualTo(255 - 256 / Math.min(length, 256));
    }

    /** Sizes that leave a part of the last mean without pixels. */
    @ParameterizedTest
    @CsvSource({"201, 199, 150, 120", "201, 199, 67, 50", "203, 197, 41, 33", "207, 193, 20, 19", "201, 199, 300, 301"})
    void aDotKeepsItsPlace(int width, int height, int targetWidth, int targetHeight) {
        for (double place : new double[] {0.2, 0.5, 0.83}) {
            BufferedImage source = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
            TestImages.fill(source, new Color(100, 100, 100));
            double background = source.getRaster().getSample(0, 0, 0);
            int left = (int) (width * place);
            int top = (int) (height * place);
            for (int i = 0; i < 49; i++) {
                source.getRaster().setSample(left + i % 7, top + i / 7, 0, 180);
            }

            BufferedImage actual = resize(source, targetWidth, targetHeight);

            double sum = 0;
            double sumX = 0;
            double sumY = 0;
            for (int i = 0; i < targetWidth * targetHeight; i++) {
                double grey = actual.getRaster().getSample(i % targetWidth, i / targetWidth, 0) - background;
                sum += grey;
                sumX += grey * (i % targetWidth + 0.5);
                sumY += grey * (i / targetWidth + 0.5);
            }
            assertThat(sumX / sum).isCloseTo((left + 3.5) * targetWidth / width, within(0.1));
            assertThat(sumY / sum).isCloseTo((top + 3.5) * targetHeight / height, within(0.1));
        }
    }

    /** A gradient of one grey per column, so that a grey tells its column. */
    @Test
    void aPartOfTheLastColumnAndRowIsLeftOut() {
        BufferedImage source = new BufferedImage(200, 200, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 200 * 200; i++) {
            source.getRaster().setSample(i % 200, i / 200, 0, (i % 200 + i / 200) / 2);
        }
        BufferedImage target = new BufferedImage(100, 100, BufferedImage.TYPE_BYTE_GRAY);

        LanczosResizer.forExtent(source, 190, 180).resize(source, target);

        assertThat(target.getRaster().getSample(90, 10, 0)).isCloseTo((int) (90.5 * 1.9 + 10.5 * 1.8) / 2, within(1));
        assertThat(target.getRaster().getSample(10, 90, 0)).isCloseTo((int) (10.5 * 1.9 + 90.5 * 1.8) / 2, within(1));
    }

    @Test
    void sidesOfOnePixelAreResized() {
        for (BufferedImage source : TestImages.types().toList()) {
            TestImages.fill(source, COLOR);
            int color = TestImages.drawn(source).getRGB(0, 0);
            for (int[] size : new int[][] {{1, 1}, {1, 80}, {120, 1}, {2, 1}, {1, 3}}) {
                BufferedImage line = source.getSubimage(0, 0, size[0], size[1]);
                assertThat(TestImages.argb(resize(line, 1, 1))).containsOnly(color);
                assertThat(TestImages.argb(resize(line, 7, 5))).containsOnly(color);
                assertThat(TestImages.argb(resize(line, 1, 40))).containsOnly(color);
            }
        }
    }

    /** Means have at most 64 x 64 pixels, so that their sums do not overflow. */
    @Test
    void aWhitePictureCanBeReducedToOnePixel() {
        for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_ARGB}) {
            BufferedImage source = new BufferedImage(1500, 1300, type);
            TestImages.fill(source, Color.WHITE);

            assertThat(TestImages.argb(resize(source, 1, 1))).containsOnly(0xFFFFFFFF);
        }
    }

    /** Edges of the strongest contrast, at which the filter exceeds the range of samples. */
    @Test
    void sharpEdgesAreLimitedToTheRangeOfSamples() {
        for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_ARGB}) {
            BufferedImage source = new BufferedImage(60, 60, type);
            Random random = new Random(5);
            for (int i = 0; i < 60 * 60; i++) {
                int block = i % 60 / 4 + i / 60 / 4;
                source.setRGB(i % 60, i / 60, block % 2 == 0 || random.nextInt(9) == 0 ? 0xFFFFFFFF : 0xFF000000);
            }
            for (int side : new int[] {53, 41, 29, 80}) {
                BufferedImage expected = ExactLanczos.resize(source, side, side);
                assertThat(TestImages.difference(resize(source, side, side), expected))
                        .isLessThan(0.7);
            }
        }
    }

    private static BufferedImage resize(BufferedImage source, int width, int height) {
        BufferedImage target = new BufferedImage(width, height, HalfSizeResizer.targetType(source));
        LanczosResizer.INSTANCE.resize(source, target);
        return target;
    }
}

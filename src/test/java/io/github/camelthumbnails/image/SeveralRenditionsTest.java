// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several renditions of one picture. */
class SeveralRenditionsTest {

    private static final Scale HALF = new Scale(new BigDecimal("0.5"));

    private static final List<Preset> PRESETS = List.of(
            new Preset("thumbnail", HALF),
            new Preset("card", new Box(80, 80, false), Optional.of(ImageFormat.WEBP), 0.8, Color.WHITE),
            new Preset("avatar", new Box(32, 32, true), Optional.of(ImageFormat.JPEG), 0.8, Color.WHITE));

    @ParameterizedTest
    @MethodSource("formats")
    void allAreMadeInTheOrderOfTheirPresets(ImageFormat format) throws Exception {
        byte[] original = Pictures.quarters(format, 400, 200);
        for (boolean nativeCodec : new boolean[] {true, false}) {
            List<Thumbnail> renditions = renditions(PRESETS, nativeCodec, original);

            assertThat(renditions).extracting(Thumbnail::name).containsExactly("thumbnail", "card", "avatar");
            assertThat(renditions)
                    .extracting(Thumbnail::format)
                    .containsExactly(format, ImageFormat.WEBP, ImageFormat.JPEG);
            assertSize(renditions.get(0), 200, 100);
            assertSize(renditions.get(1), 80, 40);
            assertSize(renditions.get(2), 32, 32);
            for (Thumbnail rendition : renditions) {
                BufferedImage image = Pictures.decode(rendition.bytes());
                for (int i = 0; i < Pictures.QUARTERS.length; i++) {
                    assertSimilar(Pictures.quarter(image, i), Pictures.QUARTERS[i]);
                }
            }
        }
    }

    static List<ImageFormat> formats() {
        return List.copyOf(Pictures.FORMATS);
    }

    /** So that adding a rendition does not change the others. */
    @ParameterizedTest
    @MethodSource("formats")
    void thumbnailIsTheSameWithAndWithoutOthers(ImageFormat format) throws Exception {
        for (int width : new int[] {300, 301}) {
            byte[] original = Pictures.noise(format, width, 201);
            for (boolean nativeCodec : new boolean[] {true, false}) {
                byte[] alone = renditions(PRESETS.subList(0, 1), nativeCodec, original)
                        .get(0)
                        .bytes();

                assertThat(renditions(PRESETS, nativeCodec, original).get(0).bytes())
                        .isEqualTo(alone);
            }
        }
    }

    /** The whole picture is shrunk for "fit", and the middle of it for "fill". */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void sizesAreThoseOfTheUprightPicture(int orientation) throws Exception {
        BufferedImage upright = new BufferedImage(300, 600, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 600; y++) {
            for (int x = 0; x < 300; x++) {
                // The middle is green. Above it is red and below it blue.
                upright.setRGB(x, y, y < 150 ? 0xFF0000 : y < 450 ? 0x00FF00 : 0x0000FF);
            }
        }
        byte[] original = ConformanceExif.withOrientation(
                ConformanceScenes.stored(upright, orientation), ImageFormat.JPEG, ByteOrder.BIG_ENDIAN, orientation);

        for (boolean nativeCodec : new boolean[] {true, false}) {
            List<Thumbnail> renditions = renditions(PRESETS, nativeCodec, original);

            assertSize(renditions.get(0), 150, 300);
            assertSize(renditions.get(1), 40, 80);
            BufferedImage card = Pictures.decode(renditions.get(1).bytes());
            assertSimilar(new Color(card.getRGB(20, 8)), Color.RED);
            assertSimilar(new Color(card.getRGB(20, 40)), Color.GREEN);
            assertSimilar(new Color(card.getRGB(20, 72)), Color.BLUE);
            assertSize(renditions.get(2), 32, 32);
            BufferedImage avatar = Pictures.decode(renditions.get(2).bytes());
            assertSimilar(new Color(avatar.getRGB(16, 2)), Color.GREEN);
            assertSimilar(new Color(avatar.getRGB(16, 29)), Color.GREEN);
        }
    }

    /** So small that each rendition is made of the whole picture and not of a larger rendition. */
    @ParameterizedTest
    @MethodSource("formats")
    void colorsOfASmallPictureStay(ImageFormat format) throws Exception {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            for (Thumbnail rendition : renditions(PRESETS, nativeCodec, Pictures.quarters(format, 90, 60))) {
                BufferedImage image = Pictures.decode(rendition.bytes());
                for (int i = 0; i < Pictures.QUARTERS.length; i++) {
                    assertSimilar(Pictures.quarter(image, i), Pictures.QUARTERS[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void middleOfAPictureFillsABox(ImageFormat format) throws Exception {
        BufferedImage picture = new BufferedImage(60, 180, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 180; y++) {
            for (int x = 0; x < 60; x++) {
                picture.setRGB(x, y, y < 50 ? 0x00FF00 : y < 130 ? 0xFF0000 : 0x0000FF);
            }
        }
        for (boolean nativeCodec : new boolean[] {true, false}) {
            Thumbnail avatar = renditions(PRESETS.subList(2, 3), nativeCodec, Pictures.encode(picture, format))
                    .get(0);

            BufferedImage image = Pictures.decode(avatar.bytes());
            assertSimilar(new Color(image.getRGB(16, 2)), Color.RED);
            assertSimilar(new Color(image.getRGB(16, 29)), Color.RED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "GIF"})
    void smallPictureIsEnlargedOnlyToFillABox(ImageFormat format) throws Exception {
        List<Thumbnail> renditions = renditions(PRESETS, true, Pictures.quarters(format, 20, 10));

        assertSize(renditions.get(1), 20, 10);
        assertSize(renditions.get(2), 32, 32);
    }

    @Test
    void eachRenditionCountsForTheMemoryBudget() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.PNG, 1000, 1000);
        ImageLimits limits = new ImageLimits(1_000_000, Budgets.both(11_000_000), Duration.ofSeconds(30));

        assertThat(new Thumbnailer(PRESETS, new Codec.Options(true), limits, new HangingDecodes(Duration.ZERO))
                        .renditions(original))
                .hasSize(3);
        List<Preset> large = List.of(PRESETS.get(0), new Preset("large", new Scale(BigDecimal.ONE)));
        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(
                        () -> new Thumbnailer(large, new Codec.Options(true), limits, new HangingDecodes(Duration.ZERO))
                                .renditions(original))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.NotEnoughMemory));
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG"})
    void singlePixelHasTheMeanColor(ImageFormat format) throws Exception {
        List<Preset> pixel = List.of(new Preset("pixel", new Box(1, 1, false)));

        Thumbnail rendition =
                renditions(pixel, true, Pictures.quarters(format, 400, 400)).get(0);

        assertSize(rendition, 1, 1);
        assertSimilar(
                new Color(Pictures.decode(rendition.bytes()).getRGB(0, 0)), new Color(128, 128, 64)); // of the quarters
    }

    private static void assertSize(Thumbnail rendition, int width, int height) {
        BufferedImage image = Pictures.decode(rendition.bytes());
        assertThat(image.getWidth()).as(rendition.name()).isEqualTo(width).isEqualTo(rendition.width());
        assertThat(image.getHeight()).as(rendition.name()).isEqualTo(height).isEqualTo(rendition.height());
    }

    private static void assertSimilar(Color actual, Color expected) {
        assertThat(new int[] {actual.getRed(), actual.getGreen(), actual.getBlue()})
                .as("%s", expected)
                .satisfies(rgb -> {
                    assertThat(rgb[0]).isBetween(expected.getRed() - 14, expected.getRed() + 14);
                    assertThat(rgb[1]).isBetween(expected.getGreen() - 14, expected.getGreen() + 14);
                    assertThat(rgb[2]).isBetween(expected.getBlue() - 14, expected.getBlue() + 14);
                });
    }

    private static List<Thumbnail> renditions(List<Preset> presets, boolean nativeCodec, byte[] original)
            throws Exception {
        return new Thumbnailer(
                        presets,
                        new Codec.Options(nativeCodec),
                        new ImageLimits(1_000_000, Budgets.both(500_000_000), Duration.ofSeconds(30)),
                        new HangingDecodes(Duration.ZERO))
                .renditions(original);
    }
}

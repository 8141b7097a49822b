// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the hidden colour of transparent pixels does not show as a halo around opaque parts of the thumbnail. */
class AlphaConformanceTest {

    static Stream<Conformance.Case> transparentPixelsCauseNoHalo() {
        List<Conformance.Case> cases = new ArrayList<>();
        for (int nothing : new int[] {0x000000, 0xFFFFFF, 0x00FF00}) {
            String name = String.format("nothing is stored as %06x", nothing);
            BufferedImage disc = ConformanceScenes.disc(120, 90, 0xE0A020, nothing);
            cases.add(transparentPixelsCauseNoHalo(
                    name, ImageFormat.PNG, ConformancePng.write(disc, ConformancePng.RGBA, 8, false), disc));
            cases.add(transparentPixelsCauseNoHalo(
                    name + ", 16 bits",
                    ImageFormat.PNG,
                    ConformancePng.write(disc, ConformancePng.RGBA, 16, false),
                    disc));
            cases.add(transparentPixelsCauseNoHalo(name, ImageFormat.WEBP, ConformanceWebp.write(disc, false), disc));
            Map<Integer, Object> page = ConformanceTiff.page(
                    ByteOrder.BIG_ENDIAN,
                    disc,
                    ConformanceTiff.RGB,
                    8,
                    ConformanceTiff.Layout.DEFLATED,
                    ConformancePng.RGBA);
            page.put(ConformanceTiff.EXTRA_SAMPLES, new int[] {2});
            cases.add(transparentPixelsCauseNoHalo(
                    name, ImageFormat.TIFF, ConformanceTiff.file(ByteOrder.BIG_ENDIAN, List.of(page)), disc));
        }
        return cases.stream();
    }

    private static Conformance.Case transparentPixelsCauseNoHalo(
            String name, ImageFormat format, byte[] file, BufferedImage image) {
        return new Conformance.Case(name, format, file, image, Conformance.Tolerance.EDGES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void transparentPixelsCauseNoHalo(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
        BufferedImage thumbnail = ConformanceColors.decodeToSrgb(
                Conformance.THUMBNAILER.thumbnail(picture.file()).bytes());
        int tolerance = picture.format() == ImageFormat.WEBP ? 60 : 6; // its chroma is subsampled
        for (int y = 0; y < thumbnail.getHeight(); y++) {
            for (int x = 0; x < thumbnail.getWidth(); x++) {
                int argb = thumbnail.getRGB(x, y);
                if (argb >>> 24 >= 64) {
                    assertThat(new int[] {argb >> 16 & 0xFF, argb >> 8 & 0xFF, argb & 0xFF})
                            .as("%s, colour at %d, %d, alpha %d", picture, x, y, argb >>> 24)
                            .satisfies(rgb -> {
                                assertThat(Math.abs(rgb[0] - 0xE0)).isLessThanOrEqualTo(tolerance);
                                assertThat(Math.abs(rgb[1] - 0xA0)).isLessThanOrEqualTo(tolerance);
                                assertThat(Math.abs(rgb[2] - 0x20)).isLessThanOrEqualTo(tolerance);
                            });
                }
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.greyPhoto;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static io.github.camelthumbnails.image.ConformanceScenes.patches;
import static io.github.camelthumbnails.image.ConformanceScenes.stored;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that colours look the same in original and thumbnail, whatever colour space they are stored in. */
class ColorConformanceTest {

    static Stream<Conformance.Case> colors() {
        List<Conformance.Case> cases = new ArrayList<>();
        Map<String, ConformanceColors> spaces = new TreeMap<>();
        spaces.put("sRGB", ConformanceColors.SRGB);
        spaces.put("Display P3", ConformanceColors.DISPLAY_P3);
        spaces.put("Adobe RGB", ConformanceColors.ADOBE_RGB);
        BufferedImage image = patches(120, 90);
        spaces.forEach((name, space) -> {
            BufferedImage stored = space.stored(image);
            byte[] profile = space.profile();
            for (ConformanceJpeg.Color color : List.of(ConformanceJpeg.Color.YCC, ConformanceJpeg.Color.RGB)) {
                byte[] jpeg = ConformanceJpeg.write(stored, color);
                byte[] file = Pictures.insert(jpeg, ConformanceColors.segments(profile, 60_000));
                cases.add(colors(name + " as " + color, ImageFormat.JPEG, file, image));
            }
            byte[] jpeg = ConformanceJpeg.write(stored, ConformanceJpeg.Color.YCC);
            byte[] parts = Pictures.insert(jpeg, ConformanceColors.segments(profile, 2000));
            cases.add(colors(name + " in parts", ImageFormat.JPEG, parts, image));
            byte[] progressive = Pictures.encode(
                    ConformanceScenes.as(BufferedImage.TYPE_INT_RGB, stored), ImageFormat.JPEG, param -> {
                        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
                        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                        param.setCompressionQuality(0.97f);
                    });
            cases.add(colors(
                    name + ", progressive",
                    ImageFormat.JPEG,
                    Pictures.insert(progressive, ConformanceColors.segments(profile, 60_000)),
                    image));
            for (int depth : new int[] {8, 16}) {
                byte[] chunk = ConformancePng.profile(profile);
                byte[] rgb = ConformancePng.write(stored, ConformancePng.RGB, depth, false, chunk);
                cases.add(colors(name + " of " + depth + " bits", ImageFormat.PNG, rgb, image));
                byte[] rgba = ConformancePng.write(stored, ConformancePng.RGBA, depth, false, chunk);
                cases.add(colors(name + " with alpha of " + depth + " bits", ImageFormat.PNG, rgba, image));
            }
            int[] palette = Arrays.stream(new int[] {0, 1, 2, 3, 4, 5})
                    .map(i -> stored.getRGB(i % 3 * 40 + 20, i / 3 * 45 + 20))
                    .toArray();
            cases.add(colors(
                    name + " of a palette",
                    ImageFormat.PNG,
                    ConformancePng.write(
                            120,
                            90,
                            ConformancePng.PALETTE,
                            4,
                            false,
                            (x, y) -> new int[] {x * 3 / 120 + y * 2 / 90 * 3},
                            ConformancePng.profile(profile),
                            ConformancePng.palette(palette)),
                    image));
            for (boolean lossy : new boolean[] {false, true}) {
                byte[] webp =
                        ConformanceWebp.extended(stored, ConformanceWebp.write(stored, lossy), profile, null, null);
                cases.add(colors(name + (lossy ? ", lossy" : ", lossless"), ImageFormat.WEBP, webp, image));
            }
            for (int depth : new int[] {8, 16}) {
                Map<Integer, Object> page = ConformanceTiff.page(
                        ByteOrder.LITTLE_ENDIAN,
                        stored,
                        ConformanceTiff.RGB,
                        depth,
                        ConformanceTiff.Layout.STRIPS,
                        ConformancePng.RGB);
                page.put(ConformanceTiff.PROFILE, profile);
                byte[] tiff = ConformanceTiff.file(ByteOrder.LITTLE_ENDIAN, List.of(page));
                cases.add(colors(name + " of " + depth + " bits", ImageFormat.TIFF, tiff, image));
            }
        });
        byte[] p3 = ConformanceColors.DISPLAY_P3.profile();
        byte[] turned = ConformanceExif.withOrientation(
                stored(ConformanceColors.DISPLAY_P3.stored(image), 6), ImageFormat.JPEG, ByteOrder.BIG_ENDIAN, 6);
        cases.add(colors(
                "Display P3, turned",
                ImageFormat.JPEG,
                Pictures.insert(turned, ConformanceColors.segments(p3, 60_000)),
                image));

        ConformanceColors bright = new ConformanceColors(ConformanceColors.SRGB.primaries(), 1.8);
        BufferedImage dark = bright.stored(image);
        byte[] gamma = ConformancePng.fractions("gAMA", 1 / 1.8);
        cases.add(colors(
                "gAMA", ImageFormat.PNG, ConformancePng.write(dark, ConformancePng.RGB, 8, false, gamma), image));
        ConformanceColors wide = new ConformanceColors(ConformanceColors.ADOBE_RGB.primaries(), 2.2);
        double[] chroma = new double[8];
        System.arraycopy(ConformanceColors.WHITE, 0, chroma, 0, 2);
        System.arraycopy(wide.primaries(), 0, chroma, 2, 6);
        byte[] both = concat(ConformancePng.fractions("gAMA", 1 / 2.2), ConformancePng.fractions("cHRM", chroma));
        cases.add(colors(
                "gAMA and cHRM",
                ImageFormat.PNG,
                ConformancePng.write(wide.stored(image), ConformancePng.RGB, 8, false, both),
                image));
        byte[] srgb = concat(ConformancePng.fractions("gAMA", 0.45455), Pictures.chunk("sRGB", new byte[1]));
        cases.add(colors(
                "sRGB chunk", ImageFormat.PNG, ConformancePng.write(image, ConformancePng.RGB, 8, false, srgb), image));
        BufferedImage grey = greyPhoto(120, 90);
        BufferedImage darkGrey = bright.stored(grey);
        cases.add(colors(
                "grey with a profile",
                ImageFormat.JPEG,
                Pictures.insert(
                        ConformanceJpeg.write(darkGrey, ConformanceJpeg.Color.GREY),
                        ConformanceColors.segments(bright.greyProfile(), 60_000)),
                grey));
        cases.add(colors(
                "grey with a profile",
                ImageFormat.PNG,
                ConformancePng.write(
                        darkGrey, ConformancePng.GREY, 8, false, ConformancePng.profile(bright.greyProfile())),
                grey));
        return cases.stream();
    }

    private static Conformance.Case colors(String name, ImageFormat format, byte[] file, BufferedImage image) {
        return new Conformance.Case(name, format, file, image, Conformance.Tolerance.COLORS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void colors(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
    }
}

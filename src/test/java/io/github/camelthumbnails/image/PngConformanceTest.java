// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.greyPhoto;
import static io.github.camelthumbnails.image.ConformanceScenes.indices;
import static io.github.camelthumbnails.image.ConformanceScenes.lookUp;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static io.github.camelthumbnails.image.ConformanceScenes.patches;
import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.ramp;
import static io.github.camelthumbnails.image.ConformanceScenes.reduced;
import static io.github.camelthumbnails.image.ConformanceScenes.translucent;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares thumbnails of every kind of PNG with the reference. */
class PngConformanceTest {

    static Stream<Conformance.Case> png() {
        List<Conformance.Case> cases = new ArrayList<>();
        BufferedImage photo = photo(120, 90);
        BufferedImage grey = greyPhoto(120, 90);
        BufferedImage translucent = translucent(120, 90);
        BufferedImage translucentGrey =
                ConformanceScenes.draw(120, 90, (x, y) -> grey.getRGB(x, y) & 0xFFFFFF | (255 - x) << 24);
        for (boolean interlaced : new boolean[] {false, true}) {
            String how = interlaced ? ", interlaced" : "";
            for (int depth : new int[] {1, 2, 4, 8, 16}) {
                BufferedImage less = depth < 8 ? reduced(grey, depth) : grey;
                byte[] file = ConformancePng.write(less, ConformancePng.GREY, depth, interlaced);
                cases.add(png("grey of " + depth + " bits" + how, file, less));
            }
            for (int depth : new int[] {8, 16}) {
                byte[] rgb = ConformancePng.write(photo, ConformancePng.RGB, depth, interlaced);
                cases.add(png("RGB of " + depth + " bits" + how, rgb, photo));
                byte[] rgba = ConformancePng.write(translucent, ConformancePng.RGBA, depth, interlaced);
                cases.add(png("RGBA of " + depth + " bits" + how, rgba, translucent));
                byte[] ga = ConformancePng.write(translucentGrey, ConformancePng.GREY_ALPHA, depth, interlaced);
                cases.add(png("grey and alpha of " + depth + " bits" + how, ga, translucentGrey));
            }
            for (int depth : new int[] {1, 2, 4, 8}) {
                int colors = depth == 8 ? 200 : 1 << depth;
                int[][] indices = indices(120, 90, colors);
                for (boolean transparent : new boolean[] {false, true}) {
                    int[] palette = palette(colors);
                    if (transparent) {
                        palette[0] = 0x00FF00FF;
                        palette[1] &= 0x80FFFFFF;
                    }
                    cases.add(new Conformance.Case(
                            "palette of " + depth + " bits" + (transparent ? " with alpha" : "") + how,
                            ImageFormat.PNG,
                            ConformancePng.write(
                                    120,
                                    90,
                                    ConformancePng.PALETTE,
                                    depth,
                                    interlaced,
                                    ConformancePng.samples(indices),
                                    ConformancePng.palette(palette)),
                            lookUp(indices, palette),
                            Conformance.Tolerance.EDGES));
                }
            }
        }
        BufferedImage patches = patches(120, 90);
        BufferedImage key = transparent(patches, patches.getRGB(0, 0));
        byte[] rgbKey = ConformancePng.shorts("tRNS", 0xC8, 0x32, 0x28);
        cases.add(png("colour key", ConformancePng.write(patches, ConformancePng.RGB, 8, false, rgbKey), key));
        byte[] wideKey = ConformancePng.shorts("tRNS", 0xC8C8, 0x3232, 0x2828);
        cases.add(png(
                "colour key of 16 bits", ConformancePng.write(patches, ConformancePng.RGB, 16, true, wideKey), key));
        for (int depth : new int[] {2, 8, 16}) {
            int most = (1 << depth) - 1;
            BufferedImage steps = reduced(grey, 2);
            byte[] chunk = ConformancePng.shorts("tRNS", most / 3);
            cases.add(png(
                    "grey key of " + depth + " bits",
                    ConformancePng.write(steps, ConformancePng.GREY, depth, false, chunk),
                    transparent(steps, 0xFF555555)));
        }
        for (int[] side : new int[][] {
            {1, 1}, {2, 1}, {1, 7}, {7, 1}, {5, 4}, {3, 7}, {17, 33}, {1, 200}, {200, 1}, {1, 201}, {201, 1}
        }) {
            BufferedImage image = ramp(side[0], side[1]);
            for (boolean interlaced : new boolean[] {false, true}) {
                cases.add(new Conformance.Case(
                        side[0] + " x " + side[1] + (interlaced ? ", interlaced" : ""),
                        ImageFormat.PNG,
                        ConformancePng.write(image, ConformancePng.RGB, 8, interlaced),
                        image,
                        Conformance.Tolerance.FEW_PIXELS));
            }
        }
        BufferedImage odd = photo(255, 257);
        cases.add(png("255 x 257", ConformancePng.write(odd, ConformancePng.RGB, 8, false), odd));
        return cases.stream();
    }

    private static Conformance.Case png(String name, byte[] file, BufferedImage upright) {
        return new Conformance.Case(name, ImageFormat.PNG, file, upright, Conformance.Tolerance.EDGES);
    }

    private static BufferedImage transparent(BufferedImage image, int color) {
        return ConformanceScenes.draw(
                image.getWidth(), image.getHeight(), (x, y) -> image.getRGB(x, y) == color ? 0 : image.getRGB(x, y));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void png(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
    }
}

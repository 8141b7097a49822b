// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.indices;
import static io.github.camelthumbnails.image.ConformanceScenes.lookUp;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.translucent;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares thumbnails of every kind of BMP with the reference. */
class BmpConformanceTest {

    static Stream<Conformance.Case> bmp() {
        List<Conformance.Case> cases = new ArrayList<>();
        int[][] odd = indices(121, 91, 16);
        for (boolean topDown : new boolean[] {false, true}) {
            String how = topDown ? ", from the top down" : "";
            for (int depth : new int[] {1, 4, 8}) {
                int colors = depth == 8 ? 200 : 1 << depth;
                int[][] indices = indices(120, 90, colors);
                int[] palette = palette(colors);
                byte[] file = ConformanceBmp.indexed(indices, palette, depth, topDown);
                cases.add(bmp("palette of " + depth + " bits" + how, file, lookUp(indices, palette)));
            }
            for (int depth : new int[] {16, 24, 32}) {
                BufferedImage photo = photo(121, 90);
                BufferedImage less = depth == 16 ? reduceToFiveBits(photo) : photo;
                cases.add(bmp(depth + " bits" + how, ConformanceBmp.direct(photo, depth, topDown), less));
            }
        }
        cases.add(bmp(
                "palette and odd sides", ConformanceBmp.indexed(odd, palette(16), 4, false), lookUp(odd, palette(16))));
        BufferedImage translucent = translucent(120, 90);
        // Few programs support alpha in BMP, so the thumbnail has none.
        cases.add(bmp("32 bits with alpha", ConformanceBmp.alpha(translucent), ConformanceScenes.onWhite(translucent)));
        for (int depth : new int[] {4, 8}) {
            int[] palette = palette(1 << depth);
            int[][] indices = indices(120, 90, 1 << depth);
            byte[] file = Pictures.encode(
                    ConformanceScenes.indexed(indices, palette, depth),
                    ImageFormat.BMP,
                    Pictures.compression("BI_RLE" + depth));
            cases.add(bmp("RLE" + depth, file, lookUp(indices, palette)));
        }
        return cases.stream();
    }

    private static Conformance.Case bmp(String name, byte[] file, BufferedImage upright) {
        return new Conformance.Case(name, ImageFormat.BMP, file, upright, Conformance.Tolerance.EDGES);
    }

    /** Returns the image as it is read from samples of five bits. */
    private static BufferedImage reduceToFiveBits(BufferedImage image) {
        return ConformanceScenes.draw(image.getWidth(), image.getHeight(), (x, y) -> {
            int argb = image.getRGB(x, y) & 0xFFF8F8F8;
            return argb | argb >>> 5 & 0x070707;
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void bmp(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
    }
}

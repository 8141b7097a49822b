// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** A way to store pixels. In pictures with a colour key, black is transparent. */
record PngKind(String name, int colorType, int depth, byte[]... chunks) {

    /** Returns a picture of noise and of runs of black pixels, with more chunks. */
    byte[] picture(int width, int height, byte[]... more) {
        Random random = new Random(1);
        int[][] noise = new int[width * height][4];
        for (int i = 0; i < noise.length; i++) {
            // Runs of black pixels, also of transparent ones, between noise.
            boolean isBlack = i > 0 && noise[i - 1][0] == 0 ? random.nextInt(4) > 0 : random.nextInt(4) == 0;
            for (int channel = 0; channel < 4; channel++) {
                noise[i][channel] = isBlack ? 0 : random.nextInt(1 << depth);
            }
        }
        int channels =
                switch (colorType) {
                    case ConformancePng.RGB -> 3;
                    case ConformancePng.RGBA -> 4;
                    case ConformancePng.GREY_ALPHA -> 2;
                    default -> 1;
                };
        ConformancePng.Samples samples = (x, y) -> Arrays.copyOf(noise[y * width + x], channels);
        return ConformancePng.write(
                width, height, colorType, depth, false, samples, Pictures.concat(chunks), Pictures.concat(more));
    }

    @Override
    public String toString() {
        return name;
    }

    /** Returns all kinds that are not interlaced, some of them twice: with and without transparency. */
    static Stream<PngKind> all() {
        int[] colors = new Random(2).ints(256).toArray();
        byte[] translucent = ConformancePng.palette(colors);
        byte[] opaque = ConformancePng.palette(
                Arrays.stream(colors).map(color -> color | 0xFF000000).toArray());
        Stream<PngKind> wide = Stream.of(8, 16)
                .flatMap(depth -> Stream.of(
                        new PngKind("RGB of " + depth + " bits", ConformancePng.RGB, depth),
                        new PngKind("RGBA of " + depth + " bits", ConformancePng.RGBA, depth),
                        new PngKind("grey and alpha of " + depth + " bits", ConformancePng.GREY_ALPHA, depth),
                        new PngKind(
                                "RGB of " + depth + " bits with a colour key",
                                ConformancePng.RGB,
                                depth,
                                ConformancePng.shorts("tRNS", 0, 0, 0))));
        Stream<PngKind> grey = Stream.of(1, 2, 4, 8, 16)
                .flatMap(depth -> Stream.of(
                        new PngKind("grey of " + depth + " bits", ConformancePng.GREY, depth),
                        new PngKind(
                                "grey of " + depth + " bits with a colour key",
                                ConformancePng.GREY,
                                depth,
                                ConformancePng.shorts("tRNS", 0))));
        Stream<PngKind> palette = Stream.of(1, 2, 4, 8)
                .flatMap(depth -> Stream.of(
                        new PngKind("palette of " + depth + " bits", ConformancePng.PALETTE, depth, opaque),
                        new PngKind(
                                "palette of " + depth + " bits with alpha",
                                ConformancePng.PALETTE,
                                depth,
                                translucent)));
        return Stream.of(wide, grey, palette).flatMap(kinds -> kinds);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.indices;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ConformanceGif.Animation;
import io.github.camelthumbnails.image.ConformanceGif.Frame;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares thumbnails of still and animated GIFs with the reference, frame by frame. */
class GifConformanceTest {

    /** The content of a GIF to write. */
    private record Gif(String name, int width, int height, int[] palette, int loops, List<Frame> frames) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Gif> gif() {
        int[] many = palette(64);
        int[][] all = indices(80, 60, 64);
        int[][] small = indices(40, 30, 64);
        int[][] odd = indices(33, 21, 64);
        int[] other =
                Arrays.stream(palette(16)).map(color -> color ^ 0x00FF8040).toArray();
        Frame whole = new Frame(0, 0, all, null, ConformanceGif.OPAQUE, false, ConformanceGif.KEEP, 0);
        List<Gif> gifs = new ArrayList<>();
        gifs.add(still("still", whole));
        gifs.add(still("interlaced", new Frame(0, 0, all, null, ConformanceGif.OPAQUE, true, 0, 0)));
        gifs.add(still("transparent", new Frame(0, 0, all, null, 0, false, 0, 0)));
        gifs.add(still("interlaced and transparent", new Frame(0, 0, all, null, 0, true, 0, 0)));
        gifs.add(still(
                "local palette", new Frame(0, 0, indices(80, 60, 16), other, ConformanceGif.OPAQUE, false, 0, 0)));
        gifs.add(still("smaller than the screen", new Frame(20, 10, small, null, ConformanceGif.OPAQUE, false, 0, 0)));
        gifs.add(still("smaller and transparent", new Frame(20, 10, small, null, 0, false, 0, 0)));
        gifs.add(still("smaller, at odd places", new Frame(13, 7, odd, null, ConformanceGif.OPAQUE, false, 0, 0)));
        gifs.add(new Gif(
                "black and white",
                80,
                60,
                new int[] {0xFF000000, -1},
                ConformanceGif.NO_LOOP,
                List.of(new Frame(0, 0, indices(80, 60, 2), null, ConformanceGif.OPAQUE, false, 0, 0))));
        for (int[] side : new int[][] {{1, 1}, {2, 1}, {1, 7}, {7, 1}, {5, 4}, {3, 7}, {17, 33}}) {
            int[][] indices =
                    new int[side[1]][side[0]]; // of one colour: nothing else is kept exactly by every resizing filter
            Arrays.stream(indices).forEach(row -> Arrays.fill(row, 20));
            gifs.add(new Gif(
                    side[0] + " x " + side[1],
                    side[0],
                    side[1],
                    many,
                    ConformanceGif.NO_LOOP,
                    List.of(new Frame(0, 0, indices, null, ConformanceGif.OPAQUE, false, 0, 0))));
        }

        for (int disposal = 0; disposal <= 3; disposal++) {
            for (int transparent : new int[] {ConformanceGif.OPAQUE, 0}) {
                int d = disposal;
                gifs.add(new Gif(
                        "animated, disposal " + disposal + (transparent == 0 ? ", transparent" : ""),
                        80,
                        60,
                        many,
                        0,
                        List.of(
                                new Frame(0, 0, all, null, transparent, false, ConformanceGif.KEEP, 10),
                                new Frame(4, 6, small, null, transparent, false, d, 20),
                                new Frame(30, 20, small, null, transparent, false, d, 5),
                                new Frame(10, 24, indices(60, 30, 64), null, transparent, false, d, 0),
                                new Frame(40, 0, small, null, transparent, true, d, 700))));
            }
        }
        gifs.add(new Gif(
                "animated, disposals mixed, first frame small",
                80,
                60,
                many,
                3,
                List.of(
                        new Frame(10, 10, small, null, 0, false, ConformanceGif.RESTORE, 7),
                        new Frame(0, 0, small, null, 0, false, ConformanceGif.KEEP, 8),
                        new Frame(20, 20, small, null, 0, false, ConformanceGif.CLEAR, 9),
                        new Frame(40, 30, small, null, 0, false, ConformanceGif.RESTORE, 10),
                        new Frame(30, 6, small, null, 0, false, ConformanceGif.KEEP, 11))));
        gifs.add(new Gif(
                "animated, odd sides and places",
                81,
                61,
                many,
                1,
                List.of(
                        new Frame(
                                0, 0, indices(81, 61, 64), null, ConformanceGif.OPAQUE, false, ConformanceGif.KEEP, 4),
                        new Frame(5, 3, odd, null, ConformanceGif.OPAQUE, false, ConformanceGif.KEEP, 4),
                        new Frame(31, 29, odd, null, ConformanceGif.OPAQUE, true, ConformanceGif.RESTORE, 4),
                        new Frame(47, 1, odd, null, 0, false, ConformanceGif.CLEAR, 4))));
        gifs.add(new Gif(
                "animated, local palettes, shown once",
                80,
                60,
                many,
                ConformanceGif.NO_LOOP,
                List.of(
                        whole,
                        new Frame(20, 20, indices(40, 30, 16), other, 0, false, ConformanceGif.KEEP, 30),
                        new Frame(
                                0,
                                0,
                                indices(80, 60, 16),
                                other,
                                ConformanceGif.OPAQUE,
                                false,
                                ConformanceGif.KEEP,
                                30),
                        new Frame(10, 10, small, null, 0, false, ConformanceGif.KEEP, 30))));
        return gifs.stream();
    }

    private static Gif still(String name, Frame frame) {
        return new Gif(name, 80, 60, palette(64), ConformanceGif.NO_LOOP, List.of(frame));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void gif(Gif gif) throws Exception {
        byte[] file = ConformanceGif.write(gif.width, gif.height, gif.palette, gif.loops, gif.frames);
        Animation expected = ConformanceGif.render(gif.width, gif.height, gif.palette, gif.loops, gif.frames);

        Animation written = ConformanceGif.render(file);
        assertThat(written.delays()).as("the file that the test wrote").isEqualTo(expected.delays());
        assertThat(written.loops()).as("the file that the test wrote").isEqualTo(expected.loops());
        for (int i = 0; i < expected.screens().size(); i++) {
            assertThat(Likeness.of(written.screens().get(i), expected.screens().get(i))
                            .maxDifference())
                    .as("the file that the test wrote")
                    .isZero();
        }

        Thumbnail thumbnail = Conformance.thumbnail(
                gif.toString(), ImageFormat.GIF, Conformance.THUMBNAILER.thumbnail(file), gif.width, gif.height);

        Animation actual = ConformanceGif.render(thumbnail.bytes());
        assertThat(actual.screens().get(0).getWidth())
                .as(gif + ", width of the screen")
                .isEqualTo(thumbnail.width());
        assertThat(actual.screens().get(0).getHeight())
                .as(gif + ", height of the screen")
                .isEqualTo(thumbnail.height());
        assertThat(actual.delays()).as(gif + ", delays").isEqualTo(expected.delays());
        assertThat(actual.loops()).as(gif + ", loops").isEqualTo(expected.loops());
        for (int i = 0; i < expected.screens().size(); i++) {
            BufferedImage reference = Reference.half(expected.screens().get(i));
            Conformance.Tolerance.EDGES.check(
                    gif.name + ", frame " + i, likeHalf(actual.screens().get(i), reference), binary(reference));
        }
    }

    /**
     * Returns the reference with binary alpha, as in a GIF. Where its alpha is in between, the actual pixel is
     * accepted.
     */
    private static BufferedImage likeHalf(BufferedImage actual, BufferedImage reference) {
        BufferedImage binary = binary(reference);
        return ConformanceScenes.draw(actual.getWidth(), actual.getHeight(), (x, y) -> {
            int alpha = reference.getRGB(x, y) >>> 24;
            return alpha > 0 && alpha < 255 ? binary.getRGB(x, y) : actual.getRGB(x, y);
        });
    }

    private static BufferedImage binary(BufferedImage image) {
        return ConformanceScenes.draw(
                image.getWidth(),
                image.getHeight(),
                (x, y) -> image.getRGB(x, y) >>> 24 < 128 ? 0 : image.getRGB(x, y) | 0xFF000000);
    }
}

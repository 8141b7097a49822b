// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.png.PngCodec;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares renditions of PNGs that are halved while they are decoded with those of the whole decoded picture. */
class PngShortcutTest {

    private static final PngCodec CODEC = new PngCodec();
    private static final Preset HALF = scaled("0.5");
    private static final Preset THIRD =
            new Preset("third", new Box(99, Box.ANY, false), Optional.of(ImageFormat.PNG), 0.8, Color.WHITE);
    private static final Preset AVATAR =
            new Preset("avatar", new Box(32, 32, true), Optional.of(ImageFormat.PNG), 0.8, Color.WHITE);

    /** Strips are full, nearly empty or incomplete; odd sides are long enough to be cropped. */
    private static final int[][] SIZES = {
        {2, 2}, {64, 48}, {40, 34}, {2, 300}, {300, 2}, {256, 257}, {257, 260}, {301, 289}
    };

    private static Preset scaled(String factor) {
        return new Preset("scaled", new Scale(new BigDecimal(factor)));
    }

    static Stream<PngKind> kinds() {
        return PngKind.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void halfIsTheSameAsThatOfTheWholePicture(PngKind kind) throws Exception {
        for (int[] size : SIZES) {
            byte[] png = kind.picture(size[0], size[1]);
            for (boolean nativeCodec : new boolean[] {true, false}) {
                Run run = new Run(png, nativeCodec, HALF);

                assertThat(run.withShortcut().get(0).bytes())
                        .as("%d x %d", size[0], size[1])
                        .isEqualTo(run.withoutShortcut().get(0).bytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void turnedHalfIsTheSameAsThatOfTheWholePicture(int orientation) throws Exception {
        for (PngKind kind : kinds().filter(any -> any.depth() == 8).toList()) {
            byte[] png = Pictures.withOrientation(kind.picture(300, 257), ImageFormat.PNG, orientation);
            Run run = new Run(png, true, HALF);

            assertThat(run.withShortcut().get(0).bytes())
                    .as("%s", kind)
                    .isEqualTo(run.withoutShortcut().get(0).bytes());
        }
    }

    /** The small renditions are made of the half, as the resizer takes means of 2 x 2 pixels first. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void smallerRenditionsHardlyDiffer(PngKind kind) throws Exception {
        for (int height : new int[] {280, 281}) {
            Run run = new Run(kind.picture(300, height), false, HALF, THIRD, AVATAR);

            List<Thumbnail> actual = run.withShortcut();
            List<Thumbnail> expected = run.withoutShortcut();

            assertThat(actual.get(0).bytes()).isEqualTo(expected.get(0).bytes());
            for (int i = 1; i < actual.size(); i++) {
                assertSimilar(
                        Pictures.decode(actual.get(i).bytes()),
                        Pictures.decode(expected.get(i).bytes()));
            }
        }
    }

    /** Compares premultiplied samples, because the colours of nearly transparent pixels are not visible. */
    private static void assertSimilar(BufferedImage actual, BufferedImage expected) {
        assertThat(actual.getWidth()).isEqualTo(expected.getWidth());
        assertThat(actual.getHeight()).isEqualTo(expected.getHeight());
        double sum = 0;
        for (int y = 0; y < actual.getHeight(); y++) {
            for (int x = 0; x < actual.getWidth(); x++) {
                Color one = new Color(actual.getRGB(x, y), true);
                Color other = new Color(expected.getRGB(x, y), true);
                sum += Math.abs(one.getAlpha() - other.getAlpha());
                sum += Math.abs(one.getGreen() * one.getAlpha() - other.getGreen() * other.getAlpha()) / 255.0;
            }
        }
        assertThat(sum / actual.getWidth() / actual.getHeight())
                .as("mean difference")
                .isLessThan(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.51", "0.49", "0.4", "0.34", "1"})
    void wholePictureIsDecodedForOtherLargeRenditions(String factor) throws Exception {
        byte[] png = new PngKind("RGB", ConformancePng.RGB, 8).picture(300, 300);

        assertThat(new Run(png, true, scaled(factor)).shortcut()).isEmpty();
        assertThat(new Run(png, true, HALF, scaled(factor)).shortcut()).isEmpty();
    }

    @Test
    void wholePictureIsDecodedIfAHalfOfAPartIsWanted() throws Exception {
        byte[] png = new PngKind("RGB", ConformancePng.RGB, 8).picture(300, 200);

        assertThat(new Run(png, true, new Preset("square", new Box(100, 100, true))).shortcut())
                .isEmpty();
    }

    /** Their halves are interpolated, because one of few pixels cannot be cropped. */
    @Test
    void wholePictureIsDecodedIfAShortSideIsOdd() throws Exception {
        for (int[] size : new int[][] {{1, 1}, {1, 300}, {300, 1}, {255, 300}, {300, 101}}) {
            byte[] png = new PngKind("RGB", ConformancePng.RGB, 8).picture(size[0], size[1]);

            assertThat(new Run(png, true, HALF).shortcut()).isEmpty();
        }
    }

    @Test
    void wholePictureIsDecodedIfItIsInterlaced() throws Exception {
        byte[] png = ConformancePng.write(ConformanceScenes.photo(64, 64), ConformancePng.RGB, 8, true);

        assertThat(new Run(png, true, HALF).shortcut()).isEmpty();
    }

    static Stream<byte[]> brokenFileFailsInTheSameWay() {
        byte[] rgb = new PngKind("RGB", ConformancePng.RGB, 8).picture(64, 48);
        byte[] brokenData = rgb.clone();
        Arrays.fill(brokenData, 2000, 2100, (byte) 0xFF);
        byte[] brokenChecksum = rgb.clone();
        brokenChecksum[rgb.length - 12 - 5] ^= 1;
        byte[] unknownFilter = Pictures.concat(
                Arrays.copyOf(rgb, 33),
                Pictures.chunk("IDAT", ConformancePng.deflate(filled(48 * (3 * 64 + 1), 9))),
                Pictures.chunk("IEND", new byte[0]));
        Pictures.fixChecksums(unknownFilter);
        byte[] emptyPalette =
                new PngKind("palette", ConformancePng.PALETTE, 8, Pictures.chunk("PLTE", new byte[0])).picture(64, 48);
        return Stream.of(
                Arrays.copyOf(rgb, rgb.length / 2),
                Arrays.copyOf(rgb, 60),
                brokenData,
                brokenChecksum,
                unknownFilter,
                emptyPalette);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource
    void brokenFileFailsInTheSameWay(byte[] file) throws Exception {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            Run run = new Run(file, nativeCodec, HALF);
            Throwable expected = catchThrowable(run::withoutShortcut);
            assertThat(expected).isInstanceOf(IOException.class);

            assertThatExceptionOfType(expected.getClass().asSubclass(IOException.class))
                    .isThrownBy(run::withShortcut)
                    .withMessage(expected.getMessage());
        }
    }

    @Test
    void decodeIsCancelledBetweenTwoRows() throws Exception {
        Run run = new Run(new PngKind("RGB", ConformancePng.RGB, 8).picture(64, 48), true, HALF);
        AtomicInteger rows = new AtomicInteger();

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> run.maker().make(run.shortcut().orElseThrow(), () -> rows.incrementAndGet() > 20));

        assertThat(rows).hasValue(21);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void halvingNeedsLessMemory(boolean nativeCodec) throws Exception {
        for (int colorType : new int[] {ConformancePng.RGB, ConformancePng.RGBA}) {
            Run run = new Run(new PngKind("", colorType, 8).picture(300, 300), nativeCodec, HALF);

            Memory half = run.maker().memory(run.shortcut().orElseThrow());
            Memory whole = run.maker().memory();

            assertThat(half.heap()).isLessThan(whole.heap());
            assertThat(half.outside()).isLessThanOrEqualTo(whole.outside());
        }
    }

    /** Makes renditions in both ways. */
    private record Run(byte[] png, boolean nativeCodec, Preset... presets) {

        ImageHeader header() throws IOException {
            return CODEC.header(png, 1_000_000, () -> false);
        }

        RenditionMaker maker() throws IOException {
            return new RenditionMaker(png, CODEC, header(), List.of(presets), new Codec.Options(nativeCodec));
        }

        Optional<Codec.Shortcut> shortcut() throws IOException {
            return CODEC.shortcut(png, header(), maker().targets(), new Codec.Options(nativeCodec));
        }

        List<Thumbnail> withShortcut() throws IOException {
            return maker().make(shortcut().orElseThrow(), () -> false).orElseThrow();
        }

        List<Thumbnail> withoutShortcut() throws IOException {
            return maker().make(() -> false);
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.webp.WebpFiles;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares renditions of WebP that are made with the shortcut with those that are made by decoding the whole picture. */
class WebpShortcutTest {

    /** So high that compression does not hide differences of the pixels. */
    private static final double QUALITY = 1;

    private static final Preset HALF = preset(new Scale(new BigDecimal("0.5")), null);

    @BeforeEach
    void requireLibraries() {
        WebpFiles.assumeLibraries();
    }

    static Stream<Arguments> renditionsAreSimilar() {
        Preset quarter = preset(new Scale(new BigDecimal("0.25")), null);
        Preset card = preset(new Box(90, 90, false), null);
        Preset large = preset(new Box(340, 340, false), null);
        Preset jpeg = preset(new Box(90, 90, false), ImageFormat.JPEG);
        Preset avatar = preset(new Box(80, 80, true), ImageFormat.JPEG);
        Preset largePng = preset(new Box(300, 300, false), ImageFormat.PNG);
        return Stream.of(
                Arguments.of("half", 400, 300, 1, List.of(HALF)),
                Arguments.of("half, with odd chroma", 402, 302, 1, List.of(HALF)),
                Arguments.of("half of odd sides", 401, 303, 1, List.of(HALF)),
                Arguments.of("half of a small picture", 34, 22, 1, List.of(HALF)),
                Arguments.of("quarter", 402, 302, 1, List.of(quarter)),
                Arguments.of("fitted", 403, 303, 1, List.of(card)),
                Arguments.of("three quarters", 403, 300, 1, List.of(preset(new Scale(new BigDecimal("0.75")), null))),
                Arguments.of("whole", 401, 301, 1, List.of(preset(new Scale(BigDecimal.ONE), null))),
                Arguments.of("small formats", 401, 301, 1, List.of(jpeg, avatar)),
                Arguments.of("large formats", 401, 301, 1, List.of(largePng)),
                Arguments.of("all from half", 401, 301, 1, List.of(card, avatar, HALF, quarter)),
                Arguments.of("all from the whole", 401, 301, 1, List.of(HALF, avatar, large, card, largePng)),
                Arguments.of("turned", 400, 300, 6, List.of(HALF, card, avatar)),
                Arguments.of("turned and odd", 401, 301, 5, List.of(HALF, large)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void renditionsAreSimilar(String name, int width, int height, int orientation, List<Preset> presets)
            throws Exception {
        byte[] original = ConformanceExif.withOrientation(
                ConformanceScenes.photo(width, height), ImageFormat.WEBP, ByteOrder.BIG_ENDIAN, orientation);
        assertThat(shortcut(original, presets, true)).isPresent();

        List<Thumbnail> actual = renditions(original, presets, true);

        List<Thumbnail> expected = renditions(original, presets, false);
        for (int i = 0; i < presets.size(); i++) {
            assertThat(actual.get(i).width()).isEqualTo(expected.get(i).width());
            assertThat(actual.get(i).height()).isEqualTo(expected.get(i).height());
            BufferedImage image = Pictures.decode(actual.get(i).bytes());
            BufferedImage other = Pictures.decode(expected.get(i).bytes());
            assertThat(new Dimension(image.getWidth(), image.getHeight()))
                    .isEqualTo(new Dimension(other.getWidth(), other.getHeight()));
            Likeness likeness = Likeness.of(image, other);
            assertThat(likeness.ssim()).as("%s of rendition %d", likeness, i).isGreaterThan(0.98);
            assertThat(likeness.psnr()).as("%s of rendition %d", likeness, i).isGreaterThan(38);
            assertThat(likeness.shift()).as("%s of rendition %d", likeness, i).isLessThan(0.6);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "2, 1",
        "1, 7",
        "2, 2",
        "3, 3",
        "17, 16",
        "255, 256",
        "256, 257",
        "3001, 2001",
        "16383, 3",
        "2, 16383"
    })
    void sizeIsExact(int width, int height) throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.WEBP, width, height);

        for (Preset preset : List.of(HALF, preset(new Box(100, 100, false), null))) {
            Thumbnail actual = renditions(original, List.of(preset), true).get(0);

            Thumbnail expected = renditions(original, List.of(preset), false).get(0);
            BufferedImage image = Pictures.decode(actual.bytes());
            assertThat(image.getWidth()).isEqualTo(actual.width()).isEqualTo(expected.width());
            assertThat(image.getHeight()).isEqualTo(actual.height()).isEqualTo(expected.height());
        }
    }

    static Stream<Arguments> otherPicturesAreDecodedAsAWhole() throws Exception {
        BufferedImage photo = ConformanceScenes.photo(300, 200);
        byte[] lossy = ConformanceWebp.write(photo, true);
        return Stream.of(
                Arguments.of("alpha", ConformanceWebp.write(ConformanceScenes.translucent(300, 200), true), HALF),
                Arguments.of("lossless", ConformanceWebp.write(photo, false), HALF),
                Arguments.of("animation", ConformanceWebp.animation(photo, lossy, lossy), HALF),
                Arguments.of("animation of one frame", ConformanceWebp.animation(photo, lossy), HALF),
                Arguments.of("a target that is larger", lossy, preset(new Box(400, 400, true), null)),
                Arguments.of("small odd sides", Pictures.quarters(ImageFormat.WEBP, 255, 200), HALF));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void otherPicturesAreDecodedAsAWhole(String name, byte[] original, Preset preset) throws Exception {
        Optional<Codec.Shortcut> shortcut = shortcut(original, List.of(preset), true);
        if (shortcut.isPresent()) { // the header of an animation of one frame is that of a still picture
            try (Codec.Shortcut closed = shortcut.get()) {
                assertThat(closed.decodeFor(new Dimension(150, 100))).isFalse();
                assertThat(closed.image(() -> false)).isEmpty();
            }
        }

        byte[] actual = renditions(original, List.of(preset), true).get(0).bytes();

        assertThat(actual)
                .isEqualTo(renditions(original, List.of(preset), false).get(0).bytes());
    }

    @Test
    void nativeCodecCanBeSwitchedOff() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.WEBP, 100, 60);

        assertThat(shortcut(original, List.of(HALF), true)).isPresent();
        assertThat(shortcut(original, List.of(HALF), false)).isEmpty();
    }

    @Test
    void profileIsKept() throws Exception {
        BufferedImage photo = ConformanceScenes.photo(400, 300);
        byte[] profile = ConformanceColors.SRGB.profile();
        byte[] original = ConformanceWebp.extended(photo, ConformanceWebp.write(photo, true), profile, null, null);
        List<Preset> presets = List.of(HALF, preset(new Box(90, 90, true), ImageFormat.JPEG));
        assertThat(shortcut(original, presets, true)).isPresent();

        for (Thumbnail rendition : renditions(original, presets, true)) {
            assertThat(Codecs.STANDARD.find(rendition.bytes()).orElseThrow().profile(rendition.bytes()))
                    .contains(profile);
        }
    }

    @Test
    void estimateOfMemoryIsBelowThatOfTheWholePicture() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.WEBP, 1000, 800);
        ImageHeader header = header(original);

        Memory half = shortcut(original, List.of(HALF), true).orElseThrow().memory(Memory.onHeap(0));
        Memory large = shortcut(original, List.of(preset(new Box(900, 900, false), null)), true)
                .orElseThrow()
                .memory(Memory.onHeap(0));
        Memory whole = header.memory(Memory.onHeap(0));

        assertThat(perPixel(half.heap())).isCloseTo(0.75, within(0.1));
        assertThat(perPixel(half.outside())).isCloseTo(2.25, within(0.1));
        assertThat(perPixel(large.heap())).isCloseTo(3, within(0.1));
        assertThat(perPixel(large.outside())).isCloseTo(3.5, within(0.1));
        assertThat(perPixel(whole.heap())).isCloseTo(8, within(0.1));
    }

    private static double perPixel(long bytes) {
        return bytes / (1000.0 * 800);
    }

    private static Preset preset(Sizing sizing, ImageFormat format) {
        return new Preset("x", sizing, Optional.ofNullable(format), QUALITY, Color.WHITE);
    }

    private static ImageHeader header(byte[] original) throws Exception {
        return Codecs.STANDARD.find(original).orElseThrow().header(original, 50_000_000, () -> false);
    }

    private static Optional<Codec.Shortcut> shortcut(byte[] original, List<Preset> presets, boolean nativeCodec)
            throws Exception {
        Codec codec = Codecs.STANDARD.find(original).orElseThrow();
        Codec.Options options = new Codec.Options(nativeCodec);
        ImageHeader header = header(original);
        List<Target> targets = new RenditionMaker(original, codec, header, presets, options).targets();
        return codec.shortcut(original, header, targets, options);
    }

    private static List<Thumbnail> renditions(byte[] original, List<Preset> presets, boolean nativeCodec)
            throws Exception {
        ImageLimits limits = new ImageLimits(50_000_000, Budgets.both(1_000_000_000), Duration.ofSeconds(60));
        return new Thumbnailer(presets, new Codec.Options(nativeCodec), limits, new HangingDecodes(Duration.ZERO))
                .renditions(original);
    }
}

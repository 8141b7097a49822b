// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.webp.WebpAnimationReader;
import io.github.camelthumbnails.image.webp.WebpAnimationWriter;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Renditions in another format than that of their originals. */
class OtherFormatTest {

    /** The formats that a rendition may ask for and that ImageIO can read again. */
    private static final Set<ImageFormat> OUTPUTS =
            EnumSet.of(ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.GIF, ImageFormat.WEBP);

    private static final Scale HALF = new Scale(new BigDecimal("0.5"));
    private static final ImageLimits LIMITS =
            new ImageLimits(1_000_000, Budgets.both(500_000_000), Duration.ofSeconds(30));
    private static final HangingDecodes HANGING = new HangingDecodes(Duration.ZERO);

    private static final byte[] PROFILE =
            ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();

    static Stream<Arguments> pairs() {
        return Pictures.FORMATS.stream()
                .flatMap(original -> OUTPUTS.stream().map(output -> Arguments.of(original, output)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void renditionHasTheFormatOfThePresetAndTheColorsOfTheOriginal(ImageFormat original, ImageFormat output)
            throws Exception {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            Thumbnail thumbnail = thumbnailer(output, nativeCodec).thumbnail(Pictures.quarters(original, 80, 120));

            assertThat(Pictures.format(thumbnail.bytes())).contains(output);
            assertThat(thumbnail.contentType()).isEqualTo(output.contentType());
            assertThat(thumbnail.width()).isEqualTo(40);
            BufferedImage image = Pictures.decode(thumbnail.bytes());
            for (int i = 0; i < Pictures.QUARTERS.length; i++) {
                assertSimilar(Pictures.quarter(image, i), Pictures.QUARTERS[i]);
            }
        }
    }

    static Stream<Arguments> greys() {
        return Stream.of(ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.BMP, ImageFormat.TIFF)
                .flatMap(original -> OUTPUTS.stream().map(output -> Arguments.of(original, output)));
    }

    @ParameterizedTest
    @MethodSource("greys")
    void greyStaysAsLightAsItWas(ImageFormat original, ImageFormat output) throws Exception {
        BufferedImage grey = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        int[] samples = new int[40 * 40];
        Arrays.fill(samples, 100);
        grey.getRaster().setSamples(0, 0, 40, 40, 0, samples);

        byte[] thumbnail =
                thumbnailer(output).thumbnail(Pictures.encode(grey, original)).bytes();

        BufferedImage image = Pictures.decode(thumbnail);
        // Java converts grey samples as if they were linear, so they are compared as they are.
        int sample = image.getType() == BufferedImage.TYPE_BYTE_GRAY
                ? image.getRaster().getSample(10, 10, 0)
                : new Color(image.getRGB(10, 10)).getGreen();
        assertThat(sample).isCloseTo(100, within(3));
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG", "GIF", "WEBP"})
    void alphaIsKept(ImageFormat output) throws Exception {
        byte[] thumbnail = thumbnailer(output)
                .thumbnail(Pictures.encode(clear(), ImageFormat.PNG))
                .bytes();

        assertThat(Pictures.decode(thumbnail).getRGB(10, 10) >>> 24).isZero();
    }

    @Test
    void formatWithoutAlphaShowsTheBackground() throws Exception {
        Preset preset = new Preset("card", HALF, Optional.of(ImageFormat.JPEG), 0.9, new Color(0x336699));
        BufferedImage picture = clear();
        for (int y = 0; y < 40; y++) {
            for (int x = 20; x < 40; x++) {
                picture.setRGB(x, y, 0x80FF0000);
            }
        }

        BufferedImage image = Pictures.decode(new SingleThumbnailer(preset, true, LIMITS, HANGING)
                .thumbnail(Pictures.encode(picture, ImageFormat.PNG))
                .bytes());

        assertSimilar(new Color(image.getRGB(4, 10)), new Color(0x336699));
        assertSimilar(new Color(image.getRGB(15, 10)), new Color(0x99334C)); // half of it red
    }

    private static BufferedImage clear() {
        return new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "WEBP"})
    void profileOfAJpegIsKept(ImageFormat output) throws Exception {
        ByteBuffer segment = ByteBuffer.allocate(18 + PROFILE.length)
                .putShort((short) 0xFFE2)
                .putShort((short) (16 + PROFILE.length))
                .put("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII))
                .put(PROFILE);

        assertProfile(output, Pictures.insert(Pictures.quarters(ImageFormat.JPEG, 40, 40), segment.array()));
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "WEBP"})
    void profileOfAPngIsKept(ImageFormat output) throws Exception {
        assertProfile(
                output,
                Pictures.insertChunk(Pictures.quarters(ImageFormat.PNG, 40, 40), "iCCP", profileChunk(PROFILE)));
    }

    /** A still picture, and an animation if the libraries for it are there. */
    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "WEBP"})
    void profileOfAWebpIsKept(ImageFormat output) throws Exception {
        BufferedImage image = Pictures.quarters(40, 40, BufferedImage.TYPE_INT_RGB);
        byte[] still = ConformanceWebp.extended(image, ConformanceWebp.write(image, true), PROFILE, null, null);
        byte[] animation = thumbnailer(ImageFormat.WEBP)
                .thumbnail(Pictures.frames(ImageFormat.GIF, 80, 80, 3))
                .bytes();
        Dimension size = new Dimension(40, 40);
        for (byte[] original : List.of(still, ImageFormat.WEBP.codec().copyProfile(still, animation, size))) {
            byte[] rendition = thumbnailer(output).thumbnail(original).bytes();

            assertThat(Codecs.STANDARD.find(rendition).orElseThrow().profile(rendition))
                    .contains(PROFILE);
        }
    }

    @Test
    void profileOfAJpegIsKeptInAPng() throws Exception {
        byte[] original = Pictures.insert(
                Pictures.quarters(ImageFormat.JPEG, 40, 40), ConformanceColors.segments(PROFILE, 60_000));

        byte[] png = thumbnailer(ImageFormat.PNG).thumbnail(original).bytes();

        assertThat(Codecs.STANDARD.find(png).orElseThrow().profile(png)).contains(PROFILE);
    }

    private static byte[] profileChunk(byte[] profile) throws Exception {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(Pictures.ascii("sRGB\0\0"));
        try (DeflaterOutputStream compressed = new DeflaterOutputStream(chunk)) {
            compressed.write(profile);
        }
        return chunk.toByteArray();
    }

    @Test
    void faultyProfileOfAPngIsLeftOut() throws Exception {
        byte[] png = Pictures.insertChunk(
                Pictures.quarters(ImageFormat.PNG, 40, 40), "iCCP", Pictures.ascii("name\0\0no compressed data"));

        assertThat(new String(thumbnailer(ImageFormat.WEBP).thumbnail(png).bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("ICCP");
    }

    @Test
    void greyProfileIsNotPutIntoAColouredPicture() throws Exception {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        BufferedImage grey = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        byte[] png = Pictures.insertChunk(Pictures.encode(grey, ImageFormat.PNG), "iCCP", profileChunk(profile));

        assertThat(new String(thumbnailer(ImageFormat.WEBP).thumbnail(png).bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("ICCP");
    }

    @Test
    void animationStaysAnimatedIfTheLibrariesAreThere() throws Exception {
        byte[] thumbnail = thumbnailer(ImageFormat.WEBP).thumbnail(animation()).bytes();

        Codec webp = Codecs.STANDARD.find(thumbnail).orElseThrow();
        ImageHeader header = webp.header(thumbnail, 1_000_000, () -> false);
        assertThat(header.frames()).isEqualTo(WebpAnimationReader.isAvailable() ? 3 : 1);
        try (FrameReader frames = webp.open(thumbnail, new Codec.Options(true), () -> false)) {
            assertSimilar(new Color(frames.next().getRGB(10, 10)), Color.RED);
            assertThat(frames.delayMillis()).isEqualTo(WebpAnimationReader.isAvailable() ? 100 : 0);
            assertThat(frames.plays()).isEqualTo(1);
        }
    }

    /** Browsers show a frame of a GIF for 100 milliseconds if its file says 10 or fewer. */
    @Test
    void fastWebpIsNotSlowAsGif() throws Exception {
        Assumptions.assumeTrue(WebpAnimationReader.isAvailable() || "true".equals(System.getenv("CI")));
        byte[] original;
        try (WebpAnimationWriter writer = new WebpAnimationWriter(40, 40, 0, 0.8, false)) {
            for (Color color : List.of(Color.RED, Color.GREEN, Color.BLUE)) {
                BufferedImage frame = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
                for (int i = 0; i < 40 * 40; i++) {
                    frame.setRGB(i % 40, i / 40, color.getRGB());
                }
                writer.add(frame, 16);
            }
            original = writer.finish();
        }

        byte[] gif = thumbnailer(ImageFormat.GIF).thumbnail(original).bytes();

        Codec codec = Codecs.STANDARD.find(gif).orElseThrow();
        try (FrameReader frames = codec.open(gif, new Codec.Options(true), () -> false)) {
            frames.next();
            assertThat(frames.delayMillis()).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG"})
    void formatWithoutAnimationShowsTheFirstFrame(ImageFormat output) throws Exception {
        byte[] thumbnail = thumbnailer(output).thumbnail(animation()).bytes();

        assertSimilar(new Color(Pictures.decode(thumbnail).getRGB(10, 10)), Color.RED);
    }

    private static byte[] animation() {
        List<BufferedImage> pictures = Stream.of(Color.RED, Color.GREEN, Color.BLUE)
                .map(color -> Pictures.decode(Pictures.plain(ImageFormat.PNG, 40, 40, color)))
                .toList();
        return Pictures.animation(ImageFormat.GIF, pictures);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AVIF")
    void avifHasTheColorsAndTheProfileOfTheOriginal(ImageFormat original) throws Exception {
        requireEncoder();
        Thumbnail thumbnail = thumbnailer(ImageFormat.AVIF).thumbnail(Pictures.quarters(original, 80, 120));

        assertThat(thumbnail.contentType()).isEqualTo("image/avif");
        BufferedImage image = decodeAvif(thumbnail.bytes());
        assertThat(image.getWidth()).isEqualTo(thumbnail.width()).isEqualTo(40);
        for (int i = 0; i < Pictures.QUARTERS.length; i++) {
            assertSimilar(Pictures.quarter(image, i), Pictures.QUARTERS[i]);
        }
    }

    @Test
    void avifKeepsAlphaAndProfile() throws Exception {
        requireEncoder();
        byte[] png = Pictures.insertChunk(Pictures.encode(clear(), ImageFormat.PNG), "iCCP", profileChunk(PROFILE));

        byte[] avif = thumbnailer(ImageFormat.AVIF).thumbnail(png).bytes();

        assertThat(decodeAvif(avif).getRGB(10, 10) >>> 24).isZero();
        assertThat(new String(avif, StandardCharsets.ISO_8859_1))
                .contains(new String(PROFILE, StandardCharsets.ISO_8859_1));
    }

    private static void requireEncoder() {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(ImageFormat.AVIF.missingLibrary().isEmpty(), "There is no encoder for AVIF");
        }
    }

    private static BufferedImage decodeAvif(byte[] file) throws Exception {
        Preset png = SingleThumbnailer.preset(new Scale(BigDecimal.ONE), Optional.of(ImageFormat.PNG), 1);
        return Pictures.decode(new SingleThumbnailer(png, true, LIMITS, HANGING)
                .thumbnail(file)
                .bytes());
    }

    /** A lossless WebP becomes a lossy one if the rendition sets the format, because that is done to get small files. */
    @Test
    void formatThatIsAskedForIsLossy() throws Exception {
        byte[] lossless = ConformanceWebp.write(Pictures.decode(Pictures.quarters(ImageFormat.PNG, 80, 40)), false);

        byte[] same = new SingleThumbnailer(new Preset("thumbnail", HALF), true, LIMITS, HANGING)
                .thumbnail(lossless)
                .bytes();
        byte[] webp = thumbnailer(ImageFormat.WEBP).thumbnail(lossless).bytes();

        assertThat(new String(same, 12, 4, StandardCharsets.US_ASCII)).isEqualTo("VP8L");
        assertThat(new String(webp, 12, 4, StandardCharsets.US_ASCII)).isEqualTo("VP8 ");
    }

    @ParameterizedTest
    @CsvSource({"WEBP, 16383, WebP allows 16383", "JPEG, 65500, JPEG allows 65500", "GIF, 65535, GIF allows 65535"})
    void thumbnailThatIsTooLargeForItsFormatIsRefused(ImageFormat format, int max, String message) throws Exception {
        byte[] allowed = Pictures.plain(ImageFormat.PNG, 2 * max, 2, Color.RED);
        byte[] wide = Pictures.plain(ImageFormat.PNG, 2 * max + 2, 2, Color.RED);

        for (boolean nativeCodec : new boolean[] {true, false}) {
            assertThat(thumbnailer(format, nativeCodec).thumbnail(allowed).width())
                    .isEqualTo(max);
            assertThatExceptionOfType(UnusableImageException.class)
                    .isThrownBy(() -> thumbnailer(format, nativeCodec).thumbnail(wide))
                    .withMessageContaining(message)
                    .matches(e -> e.reason() == UnusableImageException.Reason.UnsupportedFormat);
        }
    }

    private static void assertProfile(ImageFormat output, byte[] original) throws Exception {
        String thumbnail = new String(thumbnailer(output).thumbnail(original).bytes(), StandardCharsets.ISO_8859_1);
        assertThat(thumbnail)
                .contains(output == ImageFormat.WEBP ? "ICCP" : "ICC_PROFILE")
                .contains(new String(PROFILE, StandardCharsets.ISO_8859_1));
    }

    private static void assertSimilar(Color actual, Color expected) {
        assertThat(new int[] {actual.getRed(), actual.getGreen(), actual.getBlue()})
                .as("%s", expected)
                .satisfies(rgb -> {
                    assertThat(rgb[0]).isBetween(expected.getRed() - 12, expected.getRed() + 12);
                    assertThat(rgb[1]).isBetween(expected.getGreen() - 12, expected.getGreen() + 12);
                    assertThat(rgb[2]).isBetween(expected.getBlue() - 12, expected.getBlue() + 12);
                });
    }

    private static SingleThumbnailer thumbnailer(ImageFormat format) {
        return thumbnailer(format, true);
    }

    private static SingleThumbnailer thumbnailer(ImageFormat format, boolean nativeCodec) {
        return new SingleThumbnailer(
                SingleThumbnailer.preset(HALF, Optional.of(format), 0.8), nativeCodec, LIMITS, HANGING);
    }
}

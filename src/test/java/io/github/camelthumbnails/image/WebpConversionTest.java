// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.webp.WebpAnimationReader;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thumbnails in WebP of originals in other formats. */
class WebpConversionTest {

    private static final byte[] PROFILE =
            ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();

    private final SingleThumbnailer thumbnailer = thumbnailer(ImageFormat.WEBP);

    @ParameterizedTest
    @EnumSource
    void thumbnailIsWebpWithTheColorsOfTheOriginal(ImageFormat format) throws Exception {
        Thumbnail thumbnail = thumbnailer.thumbnail(Pictures.quarters(format, 80, 120));

        assertThat(thumbnail.contentType()).isEqualTo("image/webp");
        assertThat(thumbnail.width()).isEqualTo(40);
        BufferedImage image = Pictures.decode(thumbnail.bytes());
        for (int i = 0; i < Pictures.QUARTERS.length; i++) {
            assertSimilar(Pictures.quarter(image, i), Pictures.QUARTERS[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "BMP", "TIFF"})
    void greyStaysAsLightAsItWas(ImageFormat format) throws Exception {
        BufferedImage grey = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        int[] samples = new int[40 * 40];
        Arrays.fill(samples, 100);
        grey.getRaster().setSamples(0, 0, 40, 40, 0, samples);

        byte[] thumbnail = thumbnailer.thumbnail(Pictures.encode(grey, format)).bytes();

        assertSimilar(new Color(Pictures.decode(thumbnail).getRGB(10, 10)), new Color(100, 100, 100));
    }

    @Test
    void alphaIsKept() throws Exception {
        BufferedImage clear = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);

        byte[] thumbnail =
                thumbnailer.thumbnail(Pictures.encode(clear, ImageFormat.PNG)).bytes();

        assertThat(Pictures.decode(thumbnail).getRGB(10, 10) >>> 24).isZero();
    }

    @Test
    void profileOfAJpegIsKept() throws Exception {
        ByteBuffer segment = ByteBuffer.allocate(18 + PROFILE.length)
                .putShort((short) 0xFFE2)
                .putShort((short) (16 + PROFILE.length))
                .put("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII))
                .put(PROFILE);

        assertProfile(Pictures.insert(Pictures.quarters(ImageFormat.JPEG, 40, 40), segment.array()));
    }

    @Test
    void profileOfAPngIsKept() throws Exception {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(Pictures.ascii("sRGB\0\0"));
        try (DeflaterOutputStream compressed = new DeflaterOutputStream(chunk)) {
            compressed.write(PROFILE);
        }

        assertProfile(Pictures.insertChunk(Pictures.quarters(ImageFormat.PNG, 40, 40), "iCCP", chunk.toByteArray()));
    }

    @Test
    void faultyProfileOfAPngIsLeftOut() throws Exception {
        byte[] png = Pictures.insertChunk(
                Pictures.quarters(ImageFormat.PNG, 40, 40), "iCCP", Pictures.ascii("name\0\0no compressed data"));

        assertThat(new String(thumbnailer.thumbnail(png).bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("ICCP");
    }

    @Test
    void animationStaysAnimatedIfTheLibrariesAreThere() throws Exception {
        List<BufferedImage> pictures = Stream.of(Color.RED, Color.GREEN, Color.BLUE)
                .map(color -> Pictures.decode(Pictures.plain(ImageFormat.PNG, 40, 40, color)))
                .toList();

        byte[] thumbnail = thumbnailer
                .thumbnail(Pictures.animation(ImageFormat.GIF, pictures))
                .bytes();

        ImageHeader header = Codecs.STANDARD.find(thumbnail).orElseThrow().header(thumbnail, 1_000_000, () -> false);
        assertThat(header.frames()).isEqualTo(WebpAnimationReader.isAvailable() ? 3 : 1);
        try (FrameReader frames =
                Codecs.STANDARD.find(thumbnail).orElseThrow().open(thumbnail, new Codec.Options(true), () -> false)) {
            assertSimilar(new Color(frames.next().getRGB(10, 10)), Color.RED);
            assertThat(frames.delayMillis()).isEqualTo(WebpAnimationReader.isAvailable() ? 100 : 0);
            assertThat(frames.plays()).isEqualTo(WebpAnimationReader.isAvailable() ? 1 : 1);
        }
    }

    @Test
    void thumbnailThatIsTooLargeForWebpIsRefused() {
        byte[] wide = Pictures.plain(ImageFormat.PNG, 40_000, 2, Color.RED);

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer.thumbnail(wide))
                .withMessageContaining("WebP allows 16383")
                .matches(e -> e.reason() == UnusableImageException.Reason.UnsupportedFormat);
    }

    private void assertProfile(byte[] original) throws Exception {
        String thumbnail = new String(thumbnailer.thumbnail(original).bytes(), StandardCharsets.ISO_8859_1);
        assertThat(thumbnail).contains("ICCP").contains(new String(PROFILE, StandardCharsets.ISO_8859_1));
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
        return new SingleThumbnailer(
                SingleThumbnailer.preset(new Scale(new BigDecimal("0.5")), Optional.of(format), 0.8),
                true,
                new ImageLimits(1_000_000, 500_000_000, Duration.ofSeconds(30)),
                new HangingDecodes(Duration.ZERO));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.heif.LibHeif;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.webp.WebpAnimationReader;
import io.github.camelthumbnails.image.webp.WebpHeader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests thumbnails of formats that only native libraries can read: HEIC, AVIF and animated WebP. */
class NativeFormatsTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Codec.Options OPTIONS = new Codec.Options(true);

    private final SingleThumbnailer thumbnailer = thumbnailer(1_000_000);

    @ParameterizedTest
    @CsvSource({
        "plain.heic, JPEG",
        "plain.avif, JPEG",
        "odd.heic, JPEG",
        "deep.heic, JPEG",
        "deep.avif, JPEG",
        "alpha.heic, WEBP",
        "alpha.avif, WEBP"
    })
    void thumbnailOfHeifIsJpegOrWebpIfThereIsAlpha(String file, ImageFormat format) throws Exception {
        assumeInstalled(LibHeif.find().isPresent(), "libheif");
        byte[] original = read("heif/" + file);
        ImageHeader header = Codecs.STANDARD.find(original).orElseThrow().header(original, 1_000_000, () -> false);

        Thumbnail thumbnail = thumbnailer.thumbnail(original);

        assertThat(thumbnail.format()).isEqualTo(format);
        assertThat(thumbnail.contentType()).isEqualTo(format.contentType());
        assertThat(thumbnail.width()).isEqualTo(header.width() / 2);
        assertThat(thumbnail.height()).isEqualTo(header.height() / 2);
        BufferedImage image = Pictures.decode(thumbnail.bytes());
        assertThat(image.getWidth()).isEqualTo(thumbnail.width());
        assertThat(image.getColorModel().hasAlpha()).isEqualTo(format == ImageFormat.WEBP);
    }

    @Test
    void animatedWebpStaysAnimated() throws Exception {
        assumeInstalled(WebpAnimationReader.isAvailable(), "libwebpdemux or libwebpmux");

        byte[] thumbnail = thumbnailer.thumbnail(read("pictures/animated.webp")).bytes();

        WebpHeader header = WebpHeader.read(thumbnail);
        assertThat(header.animated()).isTrue();
        assertThat(header.alpha()).isTrue();
        assertThat(header.loops()).isEqualTo(2);
        List<Integer> delays = new ArrayList<>();
        try (FrameReader frames = Codecs.STANDARD.find(thumbnail).orElseThrow().open(thumbnail, OPTIONS, () -> false)) {
            while (frames.next() != null) {
                delays.add(frames.delayMillis());
            }
        }
        assertThat(delays).containsExactly(100, 200, 300);
    }

    @ParameterizedTest
    @CsvSource({"anim-1x1.webp, 256, 256", "anim-offset.webp, 256, 256"})
    void canvasOfAnAnimationIsKept(String file, int width, int height) throws Exception {
        Thumbnail thumbnail = thumbnailer.thumbnail(read("pictures/" + file));

        assertThat(thumbnail.width()).isEqualTo(width);
        assertThat(thumbnail.height()).isEqualTo(height);
    }

    @Test
    void firstFrameKeepsItsPositionOnTheCanvas() throws Exception {
        byte[] thumbnail =
                thumbnailer.thumbnail(read("pictures/anim-offset.webp")).bytes();

        BufferedImage first;
        try (FrameReader frames = Codecs.STANDARD.find(thumbnail).orElseThrow().open(thumbnail, OPTIONS, () -> false)) {
            first = frames.next();
        }
        assertThat(first.getRGB(125, 70) >>> 16 & 0xFF).as("red of the box").isGreaterThan(200);
        assertThat(first.getRGB(125, 70) >>> 24).as("alpha of the box").isEqualTo(255);
        assertThat(first.getRGB(95, 45) >>> 24).as("alpha beside the box").isZero();
        assertThat(first.getRGB(155, 95) >>> 24).as("alpha beside the box").isZero();
    }

    @Test
    void losslessWebpStaysLossless() throws Exception {
        byte[] thumbnail = thumbnailer.thumbnail(read("pictures/lossless.webp")).bytes();

        assertThat(WebpHeader.read(thumbnail).lossless()).isTrue();
        assertThat(WebpHeader.read(thumbnailer
                                .thumbnail(Pictures.quarters(ImageFormat.WEBP, 100, 60))
                                .bytes())
                        .lossless())
                .isFalse();
    }

    private static void assumeInstalled(boolean available, String library) {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(available, library + " is not installed");
        }
    }

    private static SingleThumbnailer thumbnailer(int maxPixels) {
        return new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")),
                0.8,
                true,
                new ImageLimits(maxPixels, Budgets.both(500_000_000), Duration.ofSeconds(30)),
                new HangingDecodes(Duration.ZERO));
    }

    private static byte[] read(String file) throws IOException {
        return Files.readAllBytes(RESOURCES.resolve(file));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Shared code of the conformance tests, which create pictures of every kind that a format supports and compare their
 * thumbnails with those of {@link Reference}.
 */
final class Conformance {

    private static final ImageLimits LIMITS =
            new ImageLimits(50_000_000, Budgets.both(500_000_000), Duration.ofSeconds(60));

    /** Creates thumbnails of such a high quality that compression does not hide errors in the pixels. */
    static final SingleThumbnailer THUMBNAILER = thumbnailer(true);

    /** Creates the same thumbnails without native code. */
    private static final SingleThumbnailer JAVA_THUMBNAILER = thumbnailer(false);

    private Conformance() {}

    private static SingleThumbnailer thumbnailer(boolean nativeCodec) {
        return new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")), 0.95, nativeCodec, LIMITS, new HangingDecodes(Duration.ZERO));
    }

    /** How similar to the reference a thumbnail must be. */
    enum Tolerance {
        /** For pictures like photos. */
        PHOTO(0.98, 30, 1.5, 255),
        /** For lossy pictures that consist of plain colours with sharp edges between them. */
        COLORS(0.96, 23, 2.5, 255),
        /** For sharp edges in lossless formats. */
        EDGES(0.98, 30, 1, 255),
        /** For pictures of a few pixels. */
        FEW_PIXELS(-1, 0, 4, 8);

        private final double ssim;
        private final double psnr;
        private final double shift;
        private final int maxDifference;

        Tolerance(double ssim, double psnr, double shift, int maxDifference) {
            this.ssim = ssim;
            this.psnr = psnr;
            this.shift = shift;
            this.maxDifference = maxDifference;
        }

        void check(String name, BufferedImage actual, BufferedImage expected) {
            Likeness likeness = Likeness.of(actual, expected);
            assertThat(likeness)
                    .as(name)
                    .matches(l -> l.ssim() >= ssim, "SSIM is at least " + ssim)
                    .matches(l -> l.psnr() >= psnr, "PSNR is at least " + psnr)
                    .matches(l -> l.shift() <= shift, "the mean is off by at most " + shift)
                    .matches(
                            l -> l.maxDifference() <= maxDifference, "no sample differs by more than " + maxDifference);
        }
    }

    /**
     * A picture to test.
     *
     * @param upright the expected upright picture in sRGB
     */
    record Case(String name, ImageFormat format, byte[] file, BufferedImage upright, Tolerance tolerance) {
        @Override
        public String toString() {
            return format + " " + name;
        }
    }

    /** Compares the thumbnail of a picture with the reference, both with native code and without, if there is any. */
    static void assertConforms(Case picture) throws Exception {
        assertConforms(picture, THUMBNAILER);
        if (picture.format == ImageFormat.JPEG || picture.format == ImageFormat.PNG) {
            assertConforms(picture, JAVA_THUMBNAILER);
        }
    }

    private static void assertConforms(Case picture, SingleThumbnailer thumbnailer) throws Exception {
        Thumbnail thumbnail = thumbnail(
                picture.toString(),
                picture.format,
                thumbnailer.thumbnail(picture.file),
                picture.upright.getWidth(),
                picture.upright.getHeight());
        BufferedImage actual = ConformanceColors.decodeToSrgb(thumbnail.bytes());
        assertThat(actual.getWidth()).as("width").isEqualTo(thumbnail.width());
        assertThat(actual.getHeight()).as("height").isEqualTo(thumbnail.height());
        picture.tolerance.check(picture.toString(), actual, Reference.half(picture.upright));
    }

    /** Checks the format and the size of a thumbnail whose original has the given size, and returns its image. */
    static Thumbnail thumbnail(String name, ImageFormat format, Thumbnail thumbnail, int width, int height) {
        assertThat(Pictures.format(thumbnail.bytes()))
                .as(name + ", format of the bytes")
                .contains(format);
        assertThat(thumbnail.format()).as(name).isEqualTo(format);
        assertThat(thumbnail.contentType()).as(name).isEqualTo(format.contentType());
        assertThat(thumbnail.width()).as(name + ", width").isEqualTo(Reference.half(width));
        assertThat(thumbnail.height()).as(name + ", height").isEqualTo(Reference.half(height));
        return thumbnail;
    }

    /** Returns the bytes as Latin-1 text, to search for words in them. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

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
 * What the conformance tests have in common: they make pictures of every kind that the formats know, and compare the pixels of their
 * thumbnails with those of {@link Reference}.
 */
final class Conformance {

    private static final ImageLimits LIMITS = new ImageLimits(50_000_000, 500_000_000, Duration.ofSeconds(60));

    /** Of a quality that leaves what was done to the pixels to be seen. */
    static final Thumbnailer THUMBNAILER = thumbnailer(true);

    /** The same without native code. */
    private static final Thumbnailer IN_JAVA = thumbnailer(false);

    private Conformance() {}

    private static Thumbnailer thumbnailer(boolean nativeCodec) {
        return new Thumbnailer(
                new Scale(new BigDecimal("0.5")),
                new Codec.Options(0.95, nativeCodec),
                LIMITS,
                new HangingDecodes(Duration.ZERO));
    }

    /** How much like the reference a thumbnail has to be. */
    enum Tolerance {
        /** For what is like a photo. */
        PHOTO(0.98, 30, 1.5, 255),
        /** Also lossy, but all that there is to see are colours, with sharp edges between them. */
        COLORS(0.96, 23, 2.5, 255),
        /** Sharp edges that no codec blurs. */
        EDGES(0.98, 30, 1, 255),
        /** For a picture of a few pixels. */
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
     * A picture.
     *
     * @param upright what is to be seen in it, in sRGB
     */
    record Case(String name, ImageFormat format, byte[] file, BufferedImage upright, Tolerance tolerance) {
        @Override
        public String toString() {
            return format + " " + name;
        }
    }

    /** Makes the thumbnail, of what is done in native code also without that, and compares it. */
    static void conforms(Case picture) throws Exception {
        conforms(picture, THUMBNAILER);
        if (picture.format == ImageFormat.JPEG || picture.format == ImageFormat.PNG) {
            conforms(picture, IN_JAVA);
        }
    }

    private static void conforms(Case picture, Thumbnailer thumbnailer) throws Exception {
        Thumbnail thumbnail = thumbnail(
                picture.toString(),
                picture.format,
                thumbnailer.thumbnail(picture.file),
                picture.upright.getWidth(),
                picture.upright.getHeight());
        BufferedImage actual = ConformanceColors.look(thumbnail.bytes());
        assertThat(actual.getWidth()).as("width").isEqualTo(thumbnail.width());
        assertThat(actual.getHeight()).as("height").isEqualTo(thumbnail.height());
        picture.tolerance.check(picture.toString(), actual, Reference.half(picture.upright));
    }

    /** Checks what is said of a thumbnail whose original is so large, and returns it. */
    static Thumbnail thumbnail(String name, ImageFormat format, Thumbnail thumbnail, int width, int height) {
        assertThat(ImageFormat.detect(thumbnail.bytes()))
                .as(name + ", format of the bytes")
                .contains(format);
        assertThat(thumbnail.format()).as(name).isEqualTo(format);
        assertThat(thumbnail.contentType()).as(name).isEqualTo(format.contentType());
        assertThat(thumbnail.width()).as(name + ", width").isEqualTo(Reference.half(width));
        assertThat(thumbnail.height()).as(name + ", height").isEqualTo(Reference.half(height));
        return thumbnail;
    }

    /** The bytes as characters, to look for words in them. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

/** Tests which colour profiles are copied into the thumbnail, and which are not because they would be wrong for it. */
class ColorProfileTest {

    private static final byte[] P3 = ConformanceColors.DISPLAY_P3.profile();
    private static final BufferedImage PHOTO = ConformanceScenes.photo(60, 40);

    /** Maximum size of a profile that is copied. */
    private static final int MAX_BYTES = Codec.MAX_PROFILE_BYTES;

    @Test
    void jpegKeepsItsProfile() throws Exception {
        byte[] jpeg = Pictures.quarters(ImageFormat.JPEG, 60, 40);

        assertThat(thumbnail(Pictures.insert(jpeg, ConformanceColors.segments(P3, 60_000))))
                .contains("ICC_PROFILE");
    }

    /** The thumbnail of a CMYK picture is converted to sRGB. */
    @Test
    void cmykJpegDoesNotKeepItsProfile() throws Exception {
        byte[] jpeg = Pictures.cmykJpeg(32, 32, 0, 255, 255, 0);

        assertThat(thumbnail(Pictures.insert(jpeg, ConformanceColors.segments(P3, 60_000))))
                .doesNotContain("ICC_PROFILE");
    }

    /** A PNG with grey and alpha becomes one with RGB and alpha. */
    @Test
    void greyProfileIsNotKeptInAnRgbThumbnail() throws Exception {
        byte[] profile = ConformancePng.profile(ConformanceColors.SRGB.greyProfile());

        assertThat(thumbnail(ConformancePng.write(PHOTO, ConformancePng.GREY, 8, false, profile)))
                .contains("iCCP");
        assertThat(thumbnail(ConformancePng.write(PHOTO, ConformancePng.GREY_ALPHA, 8, false, profile)))
                .doesNotContain("iCCP");
    }

    @Test
    void videoColourCodePointsAreKept() throws Exception {
        byte[] bt2020 = Pictures.chunk("cICP", new byte[] {9, 16, 0, 1});

        assertThat(thumbnail(ConformancePng.write(PHOTO, ConformancePng.RGB, 8, false, bt2020)))
                .contains("cICP\t\u0010\0\u0001");
    }

    @Test
    void webpWithAProfileKeepsItsAlpha() throws Exception {
        BufferedImage translucent =
                ConformanceScenes.draw(60, 40, (x, y) -> 0x80000000 | PHOTO.getRGB(x, y) & 0xFFFFFF);
        byte[] webp = ConformanceWebp.write(translucent, true);

        String thumbnail = thumbnail(ConformanceWebp.extended(translucent, webp, P3, null, null));

        assertThat(thumbnail).contains("ICCP");
        assertThat((int) thumbnail.charAt(thumbnail.indexOf("VP8X") + 8))
                .as("flags of a profile and of alpha")
                .isEqualTo(0x30);
    }

    @Test
    void profileAtTheLimitIsKept() throws Exception {
        byte[] jpeg = Pictures.quarters(ImageFormat.JPEG, 60, 40);
        byte[] large = new byte[3_000_000];

        String thumbnail = thumbnail(Pictures.insert(jpeg, ConformanceColors.segments(large, 60_000)));

        assertThat(thumbnail.split("ICC_PROFILE", -1)).hasSize(51);
    }

    @Test
    void profileAboveTheLimitIsNotKept() throws Exception {
        byte[] jpeg = Pictures.quarters(ImageFormat.JPEG, 60, 40);
        byte[] webp = ConformanceWebp.write(PHOTO, true);
        byte[] huge = new byte[MAX_BYTES + 1];

        assertThat(thumbnail(Pictures.insert(jpeg, ConformanceColors.segments(huge, 60_000))))
                .doesNotContain("ICC_PROFILE");
        assertThat(thumbnail(ConformancePng.write(PHOTO, ConformancePng.RGB, 8, false, Pictures.chunk("iCCP", huge))))
                .doesNotContain("iCCP");
        assertThat(thumbnail(ConformanceWebp.extended(PHOTO, webp, huge, null, null)))
                .doesNotContain("ICCP");
    }

    private static String thumbnail(byte[] original) throws Exception {
        return Conformance.text(Conformance.THUMBNAILER.thumbnail(original).bytes());
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

/** Tests which pixels of a PNG without an alpha channel are transparent. */
class PngTransparencyTest {

    private static final byte[] BLUE_AND_RED = Pictures.chunk("PLTE", new byte[] {0, 0, -1, -1, 0, 0});

    /** Programs write no more alpha values than necessary. */
    @Test
    void paletteColourWithoutAlphaIsOpaque() throws Exception {
        BufferedImage thumbnail =
                thumbnail(ConformancePng.PALETTE, 8, 0, 1, BLUE_AND_RED, Pictures.chunk("tRNS", new byte[1]));

        assertThat(thumbnail.getRGB(0, 0) >>> 24)
                .as("alpha of the first colour")
                .isZero();
        assertThat(thumbnail.getRGB(1, 0)).as("the second colour").isEqualTo(0xFFFF0000);
    }

    @Test
    void indexBeyondThePaletteIsBlack() throws Exception {
        BufferedImage thumbnail = thumbnail(ConformancePng.PALETTE, 8, 1, 7, BLUE_AND_RED);

        assertThat(thumbnail.getRGB(0, 0)).isEqualTo(0xFFFF0000);
        assertThat(thumbnail.getRGB(1, 0)).isEqualTo(0xFF000000);
    }

    @Test
    void emptyPaletteIsCorrupt() {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnail(ConformancePng.PALETTE, 8, 0, 0, Pictures.chunk("PLTE", new byte[0])))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CorruptImage));
    }

    /** All 16 bits of a sample are compared, although the thumbnail has only 8. */
    @Test
    void sampleOf16BitsIsTransparentOnlyIfItEqualsTheTransparentColour() throws Exception {
        for (int other : new int[] {0x4103, 0x4202}) {
            BufferedImage thumbnail =
                    thumbnail(ConformancePng.GREY, 16, 0x4102, other, ConformancePng.shorts("tRNS", 0x4102));

            assertThat(thumbnail.getRGB(0, 0) >>> 24).isZero();
            assertThat(thumbnail.getRGB(1, 0) >>> 24).as("alpha of %x", other).isEqualTo(0xFF);
        }
    }

    /** Returns the thumbnail, two pixels wide, of a picture whose left and right halves have the given samples. */
    private static BufferedImage thumbnail(int colorType, int depth, int left, int right, byte[]... chunks)
            throws Exception {
        byte[] png =
                ConformancePng.write(4, 2, colorType, depth, false, (x, y) -> new int[] {x < 2 ? left : right}, chunks);
        return Pictures.decode(Conformance.THUMBNAILER.thumbnail(png).bytes());
    }
}

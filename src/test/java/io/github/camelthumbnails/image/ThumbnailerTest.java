// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThumbnailerTest {

    private static final ImageLimits LIMITS =
            new ImageLimits(50_000_000, Budgets.both(500_000_000), Duration.ofSeconds(60));

    private final SingleThumbnailer thumbnailer = thumbnailer(new BigDecimal("0.5"), 0.8);

    @Test
    void textMetadataIsIgnored() throws Exception {
        byte[] palette = Pictures.encode(filled(BufferedImage.TYPE_BYTE_INDEXED, 0x33), ImageFormat.PNG);
        byte[] text = Pictures.insertChunk(palette, "tEXt", "Software\0x".getBytes(StandardCharsets.US_ASCII));

        assertThat(thumbnailer.thumbnail(text).bytes())
                .isEqualTo(thumbnailer.thumbnail(palette).bytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG", "WEBP", "TIFF"})
    void alphaIsKept(ImageFormat format) throws Exception {
        BufferedImage original = Pictures.quarters(80, 80, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 80; x++) {
                original.setRGB(x, y, new Color(255, 0, 0, x < 40 ? 0 : 128).getRGB());
            }
        }

        BufferedImage image = Pictures.decode(
                thumbnailer.thumbnail(Pictures.encode(original, format)).bytes());

        assertThat(Pictures.quarter(image, 0).getAlpha()).isZero();
        assertThat(Pictures.quarter(image, 1).getAlpha()).isBetween(126, 130);
        assertThat(Pictures.quarter(image, 1).getRed()).isGreaterThan(240);
        assertSimilar(Pictures.quarter(image, 2), Color.BLUE);
    }

    @Test
    void transparentPaletteIsKept() throws Exception {
        BufferedImage original = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 20 * 40; i++) {
            original.setRGB(i % 40, i / 40, Color.GREEN.getRGB());
        }

        BufferedImage image = Pictures.decode(thumbnailer
                .thumbnail(Pictures.encode(original, ImageFormat.GIF))
                .bytes());

        assertThat(Pictures.quarter(image, 0)).isEqualTo(Color.GREEN);
        assertThat(Pictures.quarter(image, 2).getAlpha()).isZero();
    }

    @Test
    void opaquePictureGetsNoAlpha() throws Exception {
        BufferedImage image = Pictures.decode(thumbnailer
                .thumbnail(Pictures.quarters(ImageFormat.PNG, 20, 20))
                .bytes());

        assertThat(image.getColorModel().hasAlpha()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG", "BMP", "TIFF"})
    void greyKeepsItsBrightness(ImageFormat format) throws Exception {
        assertGrey(filled(BufferedImage.TYPE_BYTE_GRAY, 100), format, 100);
    }

    @Test
    void paletteIsRead() throws Exception {
        assertGrey(filled(BufferedImage.TYPE_BYTE_INDEXED, 0x33), ImageFormat.PNG, 0x33);
    }

    @Test
    void blackAndWhiteIsRead() throws Exception {
        assertGrey(filled(BufferedImage.TYPE_BYTE_BINARY, 255), ImageFormat.PNG, 255);
    }

    @Test
    void sixteenBitGreyIsRead() throws Exception {
        assertGrey(
                Pictures.components(ColorSpace.CS_GRAY, false, DataBuffer.TYPE_USHORT, 100 * 257),
                ImageFormat.PNG,
                100);
    }

    @Test
    void sixteenBitColourIsRead() throws Exception {
        int value = 100 * 257;
        assertGrey(
                Pictures.components(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_USHORT, value, value, value),
                ImageFormat.PNG,
                100);
    }

    @Test
    void greyWithAlphaIsRead() throws Exception {
        assertGrey(Pictures.components(ColorSpace.CS_GRAY, true, DataBuffer.TYPE_BYTE, 100, 255), ImageFormat.PNG, 100);
    }

    @Test
    void cmykIsRead() throws Exception {
        BufferedImage image = Pictures.decode(
                thumbnailer.thumbnail(Pictures.cmykJpeg(32, 32, 0, 255, 255, 0)).bytes());

        assertThat(image.getColorModel().getNumComponents()).isEqualTo(3);
        Color color = Pictures.quarter(image, 0);
        assertThat(color.getRed()).isGreaterThan(180);
        assertThat(color.getGreen()).isLessThan(80);
        assertThat(color.getBlue()).isLessThan(80);
    }

    @Test
    void textIsUnsupported() {
        assertUnusable("just text".getBytes(StandardCharsets.UTF_8), Reason.UnsupportedFormat);
    }

    @Test
    void emptyFileIsReportedAsEmpty() {
        assertUnusable(new byte[0], Reason.EmptyObject);
    }

    @Test
    void jpegWithoutItsLastBytesIsCorrupt() {
        byte[] original = Pictures.quarters(ImageFormat.JPEG, 300, 200);

        assertUnusable(Arrays.copyOf(original, original.length - 20), Reason.CorruptImage);
    }

    @Test
    void bytesAfterThePictureAreIgnored() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.JPEG, 30, 20);

        assertThat(thumbnailer
                        .thumbnail(Arrays.copyOf(original, original.length + 1000))
                        .width())
                .isEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0.5", "1.01"})
    void scaleOutOfRangeIsRejected(String scale) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> thumbnailer(new BigDecimal(scale), 0.8))
                .withMessageContaining("scale is");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void qualityOutOfRangeIsRejected(double quality) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> thumbnailer(BigDecimal.ONE, quality))
                .withMessageContaining("quality is");
    }

    private void assertGrey(BufferedImage original, ImageFormat format, int expected) throws Exception {
        Color color = Pictures.quarter(
                Pictures.decode(
                        thumbnailer.thumbnail(Pictures.encode(original, format)).bytes()),
                0);

        assertSimilar(color, new Color(expected, expected, expected));
    }

    private void assertUnusable(byte[] original, Reason reason) {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer.thumbnail(original))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void assertSimilar(Color actual, Color expected) {
        assertThat(actual.getRed()).as("red of %s", actual).isBetween(expected.getRed() - 5, expected.getRed() + 5);
        assertThat(actual.getGreen())
                .as("green of %s", actual)
                .isBetween(expected.getGreen() - 5, expected.getGreen() + 5);
        assertThat(actual.getBlue()).as("blue of %s", actual).isBetween(expected.getBlue() - 5, expected.getBlue() + 5);
    }

    /** Returns a picture whose raw samples all have the given value. */
    private static BufferedImage filled(int type, int value) {
        BufferedImage image = new BufferedImage(32, 32, type);
        if (type == BufferedImage.TYPE_BYTE_GRAY) {
            image.getRaster().setSamples(0, 0, 32, 32, 0, Pictures.fill(value));
        } else {
            for (int i = 0; i < 32 * 32; i++) {
                image.setRGB(i % 32, i / 32, new Color(value, value, value).getRGB());
            }
        }
        return image;
    }

    @Test
    void bytesAfterTheEndOfAProgressiveJpegAreNotReadAsAScan() throws Exception {
        byte[] jpeg = Pictures.progressiveJpeg(20, 20);
        byte[] motionPhoto = Arrays.copyOf(jpeg, jpeg.length + 2000);
        for (int i = jpeg.length; i < motionPhoto.length; i += 2) {
            motionPhoto[i] = (byte) 0xFF;
            motionPhoto[i + 1] = (byte) 0xDA;
        }

        assertThat(thumbnailer.thumbnail(motionPhoto).width()).isEqualTo(10);
    }

    /** The OS/2 kind has a shorter header: its palette starts where other headers have the compression. */
    @Test
    void os2BmpIsRead() throws Exception {
        ByteBuffer bmp = ByteBuffer.allocate(26 + 2 * 8).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(26);
        bmp.putInt(12)
                .putShort((short) 2)
                .putShort((short) 2)
                .putShort((short) 1)
                .putShort((short) 24);
        for (int i = 0; i < 16; i++) {
            bmp.put((byte) 4);
        }

        assertThat(thumbnailer.thumbnail(bmp.array()).width()).isEqualTo(1);
    }

    private static SingleThumbnailer thumbnailer(BigDecimal scale, double quality) {
        return new SingleThumbnailer(new Scale(scale), quality, true, LIMITS, new HangingDecodes(Duration.ZERO));
    }
}

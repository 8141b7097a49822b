// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests pictures that exist in practice although they violate the specification or few programs can read them. */
class OddPicturesTest {

    private static final int MEGABYTE = 1_000_000;

    private final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);

    @ParameterizedTest
    @CsvSource({
        "noeoi.jpg, 160, 100",
        "noeoi-prog.jpg, 160, 100",
        "noeoi-zeros.jpg, 160, 100",
        "leading-newline.jpg, 160, 100",
        "garbage-noend.gif, 40, 30",
        "240-frames.gif, 320, 180",
        "fax-6-pages.tif, 1240, 1754",
        "scan-600dpi-1bit.tif, 2480, 3508",
        "reserved-bytes.bmp, 30, 20",
        "file-size-0.bmp, 30, 20",
        "file-size-wrong.bmp, 30, 20",
        "os2-v2.bmp, 30, 20"
    })
    void pictureIsRead(String file, int width, int height) throws Exception {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            Thumbnail thumbnail = thumbnailer(100 * MEGABYTE, nativeCodec).thumbnail(read(file));

            assertThat(thumbnail.width()).isEqualTo(width);
            assertThat(thumbnail.height()).isEqualTo(height);
        }
    }

    @Test
    void errorNamesFloatingPointTiff() throws Exception {
        assertUnusable(read("float-0-255.tif"), Reason.UnsupportedFormat, "floating-point numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"49492B00080000001000000000000000", "4D4D002B000800000000000000000010"})
    void errorNamesBigTiff(String header) {
        assertUnusable(hex(header), Reason.UnsupportedFormat, "BigTIFF");
    }

    @ParameterizedTest
    @CsvSource({"34712, JPEG 2000", "50000, Zstandard", "34925, LZMA", "34661, JBIG", "50001, WebP"})
    void errorNamesUnsupportedTiffCompression(int compression, String name) throws Exception {
        assertUnusable(withTag(259, compression), Reason.UnsupportedFormat, name);
    }

    @ParameterizedTest
    @CsvSource({"339, 2, signed integers", "339, 3, floating-point", "339, 6, complex", "258, 32, 32 bits"})
    void errorNamesTiffSamplesThatWouldBecomeBlackOrWhite(int tag, int value, String name) throws Exception {
        assertUnusable(withTag(tag, value), Reason.UnsupportedFormat, name);
    }

    /** Returns a fax page in which a tag replaces another one that is not needed to read it. */
    private static byte[] withTag(int tag, int value) throws IOException {
        byte[] tiff = Pictures.quarters(ImageFormat.TIFF, 20, 20);
        ByteBuffer in = ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = in.getInt(4);
        for (int i = 0; i < in.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            int present = in.getShort(entry) & 0xFFFF;
            if (present == tag || tag == 339 && present > 278 && present < 284) {
                in.putShort(entry, (short) tag).putShort(entry + 2, (short) 3).putInt(entry + 4, 1);
                in.putShort(entry + 8, (short) value);
                return tiff;
            }
        }
        throw new IllegalStateException("no entry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FF", "FFFFFFFF", "0000000000", "FF00000000", "0D0A", "7472616C6572"})
    void jpegNeedsNoEndMarker(String tail) throws Exception {
        byte[] jpeg = Pictures.quarters(ImageFormat.JPEG, 200, 120);
        byte[] withTail = Pictures.concat(Arrays.copyOf(jpeg, jpeg.length - 2), hex(tail));

        for (boolean nativeCodec : new boolean[] {true, false}) {
            Thumbnail thumbnail = thumbnailer(100 * MEGABYTE, nativeCodec).thumbnail(withTail);
            BufferedImage image = Pictures.decode(thumbnail.bytes());

            for (int i = 0; i < 4; i++) {
                assertThat(difference(Pictures.quarter(image, i), Pictures.QUARTERS[i]))
                        .isLessThan(20);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FF", "FFD9", "0000000000", "FF00000000FFD9"})
    void jpegWithMissingRowsIsCorruptWhateverFollows(String tail) throws Exception {
        byte[] jpeg = Pictures.noise(ImageFormat.JPEG, 200, 120);
        byte[] cut = Pictures.concat(Arrays.copyOf(jpeg, jpeg.length * 2 / 3), hex(tail));

        assertUnusable(cut, Reason.CorruptImage, "JPEG");
    }

    @Test
    void truncatedJpegPaddedWithZerosIsCorrupt() throws Exception {
        byte[] jpeg = Pictures.noise(ImageFormat.JPEG, 200, 120);
        Arrays.fill(jpeg, jpeg.length / 2, jpeg.length, (byte) 0);

        assertUnusable(jpeg, Reason.CorruptImage, "JPEG");
    }

    @Test
    void bilevelScanNeedsMemoryOnlyForItsBitsAndItsThumbnail() throws Exception {
        // 4,960 x 7,016 pixels take 4.3 MB as bits; at half the size, 8.7 MB as grey bytes.
        Thumbnail thumbnail = thumbnailer(45 * MEGABYTE, true).thumbnail(read("scan-600dpi-1bit.tif"));

        assertThat(isGrey(thumbnail)).isTrue();
    }

    @Test
    void smallRenditionOfABilevelScanNeedsMemoryForAGreyPictureOfHalfTheSize() throws Exception {
        byte[] scan = read("scan-600dpi-1bit.tif");
        long pixels = 4960L * 7016;

        ImageHeader header = Codecs.STANDARD.find(scan).orElseThrow().header(scan, pixels, () -> false);

        assertThat(header.memory(Memory.onHeap(0)).heap()).isGreaterThan(pixels / 8 + pixels / 4);
    }

    @Test
    void bilevelScanCanHaveAnotherScale() throws Exception {
        for (String scale : new String[] {"1", "0.7", "0.3", "0.1"}) {
            SingleThumbnailer thumbnailer = new SingleThumbnailer(
                    new Scale(new BigDecimal(scale)),
                    0.8,
                    true,
                    new ImageLimits(50 * MEGABYTE, Budgets.both(100 * MEGABYTE), Duration.ofSeconds(30)),
                    hanging);

            assertThat(isGrey(thumbnailer.thumbnail(read("fax-6-pages.tif")))).isTrue();
        }
    }

    private static boolean isGrey(Thumbnail thumbnail) throws IOException {
        try (FrameReader reader = Codecs.STANDARD
                .find(thumbnail.bytes())
                .orElseThrow()
                .open(thumbnail.bytes(), new Codec.Options(false), () -> false)) {
            return reader.next().getType() == BufferedImage.TYPE_BYTE_GRAY;
        }
    }

    @Test
    void garbageAfterThreeFramesEndsTheGif() throws Exception {
        byte[] thumbnail = thumbnailer(100 * MEGABYTE, true)
                .thumbnail(read("garbage-noend.gif"))
                .bytes();

        int frames = 0;
        try (FrameReader reader =
                Codecs.STANDARD.find(thumbnail).orElseThrow().open(thumbnail, new Codec.Options(false), () -> false)) {
            while (reader.next() != null) {
                frames++;
            }
        }
        assertThat(frames).isEqualTo(3);
    }

    /** libwebp, and therefore browsers, reject it, too. */
    @Test
    void laterFrameOutsideTheCanvasMakesAWebpCorrupt() throws Exception {
        byte[] webp = read("animated.webp");
        int frames = 0;
        for (int i = 0; frames < 2; i++) {
            frames += new String(webp, i, 4, StandardCharsets.US_ASCII).equals("ANMF") ? 1 : 0;
            webp[i + 8] = frames == 2 ? 60 : webp[i + 8]; // the x position in units of two pixels
        }

        assertUnusable(webp, Reason.CorruptImage, "frame 2 is not within the canvas of 120 x 80");
    }

    @Test
    void textThatStartsLikeABmpIsNotAPicture() {
        assertUnusable(
                "BM is how this text begins, and goes on".getBytes(StandardCharsets.US_ASCII),
                Reason.UnsupportedFormat,
                "not those of a JPEG");
    }

    private SingleThumbnailer thumbnailer(long memory, boolean nativeCodec) {
        return new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")),
                0.8,
                nativeCodec,
                new ImageLimits(50 * MEGABYTE, Budgets.both(memory), Duration.ofSeconds(30)),
                hanging);
    }

    private void assertUnusable(byte[] file, Reason reason, String message) {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            assertThatExceptionOfType(UnusableImageException.class)
                    .isThrownBy(() -> thumbnailer(100 * MEGABYTE, nativeCodec).thumbnail(file))
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    private static int difference(Color one, Color other) {
        return Math.abs(one.getRed() - other.getRed())
                + Math.abs(one.getGreen() - other.getGreen())
                + Math.abs(one.getBlue() - other.getBlue());
    }

    private static byte[] read(String file) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/pictures", file));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}

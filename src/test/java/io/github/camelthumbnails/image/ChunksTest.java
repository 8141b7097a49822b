// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the containers of PNG and WebP: checksums, lengths and padding in originals and thumbnails. */
class ChunksTest {

    private static final BufferedImage PHOTO = ConformanceScenes.photo(60, 40);

    /**
     * Only the checksum at the end of the compressed pixels reveals damaged samples. Programs may write it into a
     * separate chunk.
     *
     * @param last how many bytes of the compressed pixels are in the second of two chunks
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 100})
    void pngWithAWrongPixelChecksumIsCorrupt(int last) throws Exception {
        byte[] png = ConformancePng.write(PHOTO, ConformancePng.RGB, 8, false);
        int start = Conformance.text(png).indexOf("IDAT") + 4;
        int end = start + ByteBuffer.wrap(png).getInt(start - 8);
        byte[] valid = splitPixels(png, start, end, last);
        png[end - 1] ^= 1;
        byte[] damaged = splitPixels(png, start, end, last);

        assertThat(Conformance.THUMBNAILER.thumbnail(valid).width()).isEqualTo(30);
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> Conformance.THUMBNAILER.thumbnail(damaged))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CorruptImage));
    }

    private static byte[] splitPixels(byte[] png, int start, int end, int last) {
        byte[] result = Pictures.concat(
                Arrays.copyOf(png, start - 8),
                Pictures.chunk("IDAT", Arrays.copyOfRange(png, start, end - last)),
                Pictures.chunk("IDAT", Arrays.copyOfRange(png, end - last, end)),
                Arrays.copyOfRange(png, end + 4, png.length));
        Pictures.fixChecksums(result);
        return result;
    }

    /** Strict readers reject a file with a wrong checksum in any chunk. */
    @Test
    void allChunksOfAPngThumbnailHaveAValidChecksum() throws Exception {
        byte[] profile = ConformancePng.profile(ConformanceColors.DISPLAY_P3.profile());
        byte[] original = ConformancePng.write(PHOTO, ConformancePng.RGB, 8, false, profile);

        byte[] thumbnail = Conformance.THUMBNAILER.thumbnail(original).bytes();

        ByteBuffer png = ByteBuffer.wrap(thumbnail);
        Map<String, Boolean> checksums = new LinkedHashMap<>();
        for (int start = 8; start < thumbnail.length; start += 12 + png.getInt(start)) {
            int length = png.getInt(start);
            CRC32 checksum = new CRC32();
            checksum.update(thumbnail, start + 4, 4 + length);
            checksums.put(
                    Conformance.text(Arrays.copyOfRange(thumbnail, start + 4, start + 8)),
                    png.getInt(start + 8 + length) == (int) checksum.getValue());
        }
        assertThat(checksums).containsKeys("IHDR", "iCCP", "IDAT", "IEND").doesNotContainValue(false);
        assertThat(checksums.keySet()).startsWith("IHDR", "iCCP").endsWith("IEND");
    }

    /** In RIFF, a chunk of odd length is followed by a padding byte. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void webpThumbnailIsWellFormedForOddAndEvenProfileLengths(int odd) throws Exception {
        byte[] p3 = ConformanceColors.DISPLAY_P3.profile();
        byte[] profile = Arrays.copyOf(p3, p3.length / 2 * 2 + odd);
        byte[] original =
                ConformanceWebp.extended(PHOTO, ConformanceWebp.write(PHOTO, true), profile, null, new byte[3]);

        Thumbnail thumbnail = Conformance.THUMBNAILER.thumbnail(original);

        ByteBuffer webp = ByteBuffer.wrap(thumbnail.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(webp.getInt(4)).as("length in the header of the file").isEqualTo(webp.capacity() - 8);
        Map<String, byte[]> chunks = new LinkedHashMap<>();
        int start = 12;
        while (start < webp.capacity()) {
            int length = webp.getInt(start + 4);
            chunks.put(
                    Conformance.text(Arrays.copyOfRange(webp.array(), start, start + 4)),
                    Arrays.copyOfRange(webp.array(), start + 8, start + 8 + length));
            start += 8 + length + length % 2;
        }
        assertThat(start).as("the last chunk ends where the file ends").isEqualTo(webp.capacity());
        assertThat(chunks.keySet()).containsExactly("VP8X", "ICCP", "VP8 ");
        assertThat(chunks.get("ICCP")).isEqualTo(profile);
        assertThat(chunks.get("VP8X"))
                .as("flags, width - 1 and height - 1")
                .isEqualTo(new byte[] {0x20, 0, 0, 0, 29, 0, 0, 19, 0, 0});
        assertThat(Pictures.decode(thumbnail.bytes()).getWidth()).isEqualTo(30);
    }

    @Test
    void orientationAfterAProfileOfOddLengthIsFound() throws Exception {
        Map<Integer, Object> sideways = Map.of(ConformanceTiff.ORIENTATION, new int[] {6});
        byte[] exif = ConformanceTiff.file(ByteOrder.BIG_ENDIAN, List.of(sideways));
        byte[] original =
                ConformanceWebp.extended(PHOTO, ConformanceWebp.write(PHOTO, true), new byte[127], exif, null);

        assertThat(Conformance.THUMBNAILER.thumbnail(original).width()).isEqualTo(20);
    }

    @Test
    void orientationAfterOtherJpegMetadataIsFound() throws Exception {
        byte[] sideways = Pictures.withOrientation(Pictures.quarters(ImageFormat.JPEG, 60, 40), ImageFormat.JPEG, 6);
        byte[] xmp = ConformanceJpeg.segment(0xE1, Pictures.ascii("http://ns.adobe.com/xap/1.0/\0<x/>"));

        assertThat(Conformance.THUMBNAILER
                        .thumbnail(Pictures.insert(sideways, xmp))
                        .width())
                .isEqualTo(20);
    }

    @Test
    void pngWithAnUnknownRowFilterIsCorrupt() {
        byte[] png = ConformancePng.write(PHOTO, ConformancePng.RGB, 8, false);
        byte[] rows = new byte[40 * (1 + 3 * 60)];
        rows[0] = 5;
        byte[] damaged = Pictures.concat(
                Arrays.copyOf(png, 33),
                Pictures.chunk("IDAT", ConformancePng.deflate(rows)),
                Pictures.chunk("IEND", new byte[0]));
        Pictures.fixChecksums(damaged);

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> Conformance.THUMBNAILER.thumbnail(damaged))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CorruptImage));
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.heif.HeifFile.Coded;
import io.github.camelthumbnails.image.heif.HeifHeader.Kind;
import io.github.camelthumbnails.image.limits.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeifHeaderTest {

    @ParameterizedTest
    @CsvSource({
        "plain.heic, HEIC, 120, 80, false, HEVC",
        "plain.avif, AVIF, 120, 80, false, AV1",
        "odd.heic, HEIC, 101, 67, false, HEVC",
        "odd.avif, AVIF, 101, 67, false, AV1",
        "alpha.heic, HEIC, 120, 80, true, HEVC",
        "alpha.avif, AVIF, 120, 80, true, AV1",
        "deep.heic, HEIC, 120, 80, false, HEVC",
        "deep.avif, AVIF, 120, 80, false, AV1",
    })
    void headerIsRead(String name, Kind kind, int width, int height, boolean alpha, String codec) throws Exception {
        HeifHeader header = HeifHeader.read(HeifFile.resource(name));

        assertThat(header.kind()).isEqualTo(kind);
        assertThat(header.width()).isEqualTo(width);
        assertThat(header.height()).isEqualTo(height);
        assertThat(header.alpha()).isEqualTo(alpha);
        assertThat(header.codec()).isEqualTo(codec);
    }

    @ParameterizedTest
    @CsvSource({
        "plain.heic, 3",
        "plain.avif, 3",
        "alpha.avif, 3",
        "odd.heic, 3",
        "deep.heic, 6",
        "deep.avif, 12",
        "full.heic, 6",
        "full.avif, 6",
    })
    void bytesOfTwoPixelsAreReadFromTheBitStream(String name, int pairBytes) throws Exception {
        assertThat(HeifHeader.read(HeifFile.resource(name)).pairBytes()).isEqualTo(pairBytes);
    }

    @Test
    void memoryEstimateIncludesEverythingThatIsDecoded() throws Exception {
        long pixels = 960 * 720;
        Memory plain = memory("large.heic");
        long length = HeifFile.resource("large.heic").length;

        assertThat(plain)
                .isEqualTo(HeifMemory.estimate(pixels, pixels, false, HeifMemory.DEFAULT_PAIR_BYTES)
                        .plus(new Memory(length, length)));
        assertThat(plain.heap()).isGreaterThan(960 * 720 * 3);
        assertThat(plain.outside()).isGreaterThan(960 * 720 * 9);
        Memory alpha = HeifMemory.estimate(pixels, pixels, true, HeifMemory.DEFAULT_PAIR_BYTES);
        assertThat(alpha.heap()).isGreaterThan(plain.heap());
        assertThat(alpha.outside()).isGreaterThan(plain.outside());
        assertThat(memory("deep.heic").outside())
                .isGreaterThan(memory("plain.heic").outside());
        byte[] small = single("large.heic", HeifFile.size(8, 8));
        assertThat(HeifHeader.read(small).memory(small.length).outside()).isGreaterThan(960 * 720 * 8);
    }

    private static Memory memory(String name) throws IOException {
        byte[] file = HeifFile.resource(name);
        return HeifHeader.read(file).memory(file.length);
    }

    @ParameterizedTest
    @CsvSource({
        "heic, HEIC",
        "heix, HEIC",
        "heim, HEIC",
        "heis, HEIC",
        "hevc, HEIC",
        "hevx, HEIC",
        "mif1, HEIC",
        "msf1, HEIC",
        "avif, AVIF",
        "avis, AVIF",
        "mif1avif, AVIF",
        "mif1heic, HEIC",
        "msf1avis, AVIF",
        "isomheic, HEIC",
        "isom,",
        "'qt  ',",
        "mp42isom,",
        "crx isom,",
    })
    void kindIsDetectedByTheBrands(String brands, Kind kind) {
        String first = brands.substring(0, 4);
        byte[] box = HeifFile.box("ftyp", ascii(first), new byte[4], ascii(brands.substring(4)));

        assertThat(HeifHeader.detectKind(box).orElse(null)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0\30", "\0\0\0\30ftyp", "\0\0\0\30ftiphe", "GIF89a", "\0\0\0\14ftypmoovheic"})
    void otherFilesAreNotDetected(String bytes) {
        assertThat(HeifHeader.detectKind(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 120, 80", "1, 80, 120", "2, 120, 80", "3, 80, 120"})
    void sizeIsThatOfTheUprightPicture(int quarters, int width, int height) throws Exception {
        HeifHeader header = HeifHeader.read(single("plain.heic", HeifFile.size(120, 80), HeifFile.rotation(quarters)));

        assertThat(header.width()).isEqualTo(width);
        assertThat(header.height()).isEqualTo(height);
    }

    @Test
    void sizeIsThatOfTheCroppedPicture() throws Exception {
        HeifHeader header = HeifHeader.read(
                single("plain.heic", HeifFile.size(120, 80), HeifFile.crop(50, 40), HeifFile.rotation(1)));

        assertThat(header.width()).isEqualTo(40);
        assertThat(header.height()).isEqualTo(50);
    }

    @Test
    void pictureWithTwoSizesIsRejected() {
        assertThatThrownBy(() -> HeifHeader.read(single("plain.heic", HeifFile.size(120, 80), HeifFile.size(8, 8))))
                .isInstanceOf(IOException.class)
                .hasMessage("The file has a picture of two sizes.");
    }

    @Test
    void sequenceWithoutAStillPictureIsUnsupported() {
        byte[] type = HeifFile.box("ftyp", ascii("hevc"), new byte[4], ascii("msf1"));

        assertThatThrownBy(() -> HeifHeader.read(type)).isInstanceOf(UnsupportedImageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha.heic", "alpha.avif", "profile.heic"})
    void everyTruncatedFileIsRejected(String name) {
        byte[] file = HeifFile.resource(name);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> HeifHeader.read(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }

    static byte[] single(String name, byte[]... properties) throws IOException {
        HeifFile file = new HeifFile();
        file.add(Coded.of(HeifFile.resource(name)), properties);
        return file.build();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

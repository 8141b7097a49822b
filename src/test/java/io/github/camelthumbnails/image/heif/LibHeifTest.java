// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelthumbnails.image.TooManyPixelsException;
import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.heif.HeifFile.Coded;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@link LibHeif}. Requires the native library with decoders for HEVC and AV1. */
class LibHeifTest {

    private LibHeif library;

    @BeforeEach
    void assumeLibrary() {
        boolean continuousIntegration = "true".equals(System.getenv("CI"));
        assumeThat(LibHeif.find().isPresent() || continuousIntegration)
                .as("libheif is not installed")
                .isTrue();
        library = LibHeif.find().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "plain.heic, 120, 80",
        "plain.avif, 120, 80",
        "odd.heic, 101, 67",
        "odd.avif, 101, 67",
        "deep.heic, 120, 80",
        "deep.avif, 120, 80",
        "profile.heic, 120, 80",
        "profile.avif, 120, 80",
        "full.heic, 120, 80",
        "full.avif, 120, 80",
    })
    void opaquePictureIsDecoded(String name, int width, int height) throws Exception {
        BufferedImage image = decode(HeifFile.resource(name));

        assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
        assertLike(image, HeifScene.draw(width, height, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha.heic", "alpha.avif", "premultiplied.heic"})
    void alphaIsKept(String name) throws Exception {
        BufferedImage image = decode(HeifFile.resource(name));

        assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_4BYTE_ABGR);
        assertLike(image, HeifScene.draw(120, 80, true));
    }

    @ParameterizedTest
    @CsvSource({"plain.heic, 0", "plain.heic, 1", "tile.heic, 2", "plain.heic, 3", "plain.avif, 3", "odd.avif, 1"})
    void rotationIsApplied(String name, int quartersAnticlockwise) throws Exception {
        byte[] file = HeifFile.resource(name);
        HeifHeader header = HeifHeader.read(file);
        HeifFile rotated = new HeifFile();
        rotated.add(
                Coded.of(file),
                HeifFile.size(header.width(), header.height()),
                HeifFile.rotation(quartersAnticlockwise));

        BufferedImage expected = HeifScene.draw(header.width(), header.height(), false);
        for (int i = quartersAnticlockwise; i % 4 != 0; i++) {
            expected = HeifScene.turn(expected);
        }
        assertLike(decode(rotated.build()), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"turned.heic", "turned.avif"})
    void exifOrientationIsIgnored(String name) throws Exception {
        assertLike(decode(HeifFile.resource(name)), HeifScene.draw(120, 80, false));
    }

    @Test
    void cropIsApplied() throws Exception {
        HeifFile file = new HeifFile();
        file.add(
                Coded.of(HeifFile.resource("plain.heic")),
                HeifFile.size(120, 80),
                HeifFile.crop(60, 40),
                HeifFile.rotation(3));

        BufferedImage expected = HeifScene.draw(120, 80, false).getSubimage(30, 20, 60, 40);
        assertLike(decode(file.build()), HeifScene.turn(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tile.heic", "tile.avif"})
    void tilesOfAGridAreJoined(String name) throws Exception {
        BufferedImage image = decode(grid(name, 150, 120));

        assertThat(image.getWidth()).isEqualTo(150);
        assertThat(image.getHeight()).isEqualTo(120);
        BufferedImage tile = HeifScene.draw(64, 64, false);
        assertLike(image.getSubimage(64, 0, 64, 64), tile);
        assertLike(image.getSubimage(128, 64, 22, 56), tile.getSubimage(0, 0, 22, 56));
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.heic", "profile.avif"})
    void profileIsRead(String name) throws Exception {
        byte[] profile = decode(HeifFile.resource(name), () -> false).profile().orElseThrow();

        assertThat(ICC_Profile.getInstance(profile).getNumComponents()).isEqualTo(3);
    }

    @Test
    void pictureWithoutProfileHasNone() throws Exception {
        assertThat(decode(HeifFile.resource("plain.heic"), () -> false).profile())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.heic", "alpha.avif"})
    void pictureThatDoesNotMatchTheHeaderIsRejected(String name) throws Exception {
        HeifHeader header = HeifHeader.read(HeifHeaderTest.single(name, HeifFile.size(80, 120)));

        assertThatThrownBy(() -> library.decode(HeifFile.resource(name), header, () -> false))
                .isInstanceOf(IOException.class)
                .hasMessage("The picture has 120 x 80 pixels, but its header says 80 x 120.");
    }

    @Test
    void sizeOfTheHeaderIsSetAsLimitInTheLibrary() throws Exception {
        HeifHeader header = HeifHeader.read(HeifFile.resource("plain.heic"));

        assertThatThrownBy(() -> library.decode(HeifFile.resource("large.heic"), header, () -> false))
                .isInstanceOf(TooManyPixelsException.class);
    }

    @Test
    void pictureOfAnotherSizeThanTheHeaderIsRejected() throws Exception {
        HeifFile file = new HeifFile();
        file.add(Coded.of(HeifFile.resource("plain.heic")), HeifFile.size(121, 80));

        assertThatThrownBy(() -> decode(file.build())).isInstanceOf(IOException.class);
    }

    @Test
    void cancelledDecodeEnds() {
        assertThatThrownBy(() -> decode(HeifFile.resource("plain.heic"), () -> true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cancelled");
    }

    @Test
    void damageReportedByTheLibraryIsAnIOException() {
        byte[] file = HeifFile.resource("plain.avif");
        Arrays.fill(file, file.length - 120, file.length, (byte) 0x55);

        assertThatThrownBy(() -> decode(file)).isInstanceOf(IOException.class);
    }

    @Test
    void errorNamesTheUnsupportedCodec() throws Exception {
        Coded coded = Coded.of(HeifFile.resource("plain.heic"));
        HeifFile file = new HeifFile();
        file.add(new Coded("vvc1", coded.configuration(), coded.data()), HeifFile.size(120, 80));

        assertThatThrownBy(() -> decode(file.build()))
                .isInstanceOf(UnsupportedImageException.class)
                .hasMessageContaining("VVC");
    }

    static byte[] grid(String tile, int width, int height) throws IOException {
        HeifFile file = new HeifFile();
        file.add("grid", HeifFile.grid(2, 3, width, height), HeifFile.size(width, height));
        Coded coded = Coded.of(HeifFile.resource(tile));
        int[] tiles = new int[6];
        for (int i = 0; i < tiles.length; i++) {
            tiles[i] = file.add(coded, HeifFile.size(64, 64));
        }
        return file.refer("dimg", 1, tiles).build();
    }

    private BufferedImage decode(byte[] file) throws IOException {
        return decode(file, () -> false).image();
    }

    private LibHeif.Decoded decode(byte[] file, BooleanSupplier cancelled) throws IOException {
        return library.decode(file, HeifHeader.read(file), cancelled);
    }

    private static void assertLike(BufferedImage image, BufferedImage expected) {
        assertThat(image.getWidth()).isEqualTo(expected.getWidth());
        assertThat(image.getHeight()).isEqualTo(expected.getHeight());
        assertThat(HeifScene.meanDifference(image, expected)).isLessThan(3);
    }
}

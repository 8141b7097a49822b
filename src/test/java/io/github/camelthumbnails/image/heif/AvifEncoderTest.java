// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static io.github.camelthumbnails.image.heif.AvifPictures.assertLike;
import static io.github.camelthumbnails.image.heif.AvifPictures.channels;
import static io.github.camelthumbnails.image.heif.AvifPictures.codedColors;
import static io.github.camelthumbnails.image.heif.AvifPictures.convert;
import static io.github.camelthumbnails.image.heif.AvifPictures.decode;
import static io.github.camelthumbnails.image.heif.AvifPictures.gradient;
import static io.github.camelthumbnails.image.heif.AvifPictures.grey;
import static io.github.camelthumbnails.image.heif.AvifPictures.noise;
import static io.github.camelthumbnails.image.heif.AvifPictures.plain;
import static io.github.camelthumbnails.image.heif.AvifPictures.profile;
import static io.github.camelthumbnails.image.heif.AvifPictures.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.pixels.RgbImages;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@link AvifEncoder} by decoding its files with {@link LibHeif}. Requires the native library with libaom. */
class AvifEncoderTest {

    private static final double QUALITY = 0.8;

    private AvifEncoder encoder;

    @BeforeEach
    void assumeEncoder() {
        AvifPictures.assumeEncoder();
        encoder = AvifEncoder.find().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_BGR,
                BufferedImage.TYPE_USHORT_565_RGB
            })
    void colorsAreKept(int type) throws Exception {
        BufferedImage scene = HeifScene.draw(120, 80, false);

        BufferedImage decoded = decode(encode(convert(scene, type)));

        assertThat(decoded.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
        assertLike(decoded, scene);
    }

    @Test
    void colorsOfRgbByteOrderAreKept() throws Exception {
        BufferedImage scene = HeifScene.draw(120, 80, false);

        assertLike(decode(encode(RgbImages.fromBgr(HeifScene.draw(120, 80, false)))), scene);
    }

    @Test
    void partOfAnImageIsEncoded() throws Exception {
        BufferedImage part = HeifScene.draw(240, 160, false).getSubimage(62, 34, 120, 80);

        assertLike(decode(encode(part)), part);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE})
    void alphaIsKept(int type) throws Exception {
        BufferedImage scene = HeifScene.draw(120, 80, true);

        BufferedImage decoded = decode(encode(convert(scene, type)));

        assertThat(decoded.getType()).isEqualTo(BufferedImage.TYPE_4BYTE_ABGR);
        assertLike(decoded, scene);
    }

    @Test
    void alphaIsAlmostExactAtLowQuality() throws Exception {
        BufferedImage scene = convert(noise(120, 80), BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 120 * 80; i++) {
            int argb = scene.getRGB(i % 120, i / 120);
            scene.setRGB(i % 120, i / 120, argb & 0xFFFFFF | (argb & 0xFF) << 24);
        }

        BufferedImage decoded = decode(encoder.encode(scene, 0.3, Optional.empty()));

        int sum = 0;
        for (int i = 0; i < 120 * 80; i++) {
            int difference = (decoded.getRGB(i % 120, i / 120) >>> 24) - (scene.getRGB(i % 120, i / 120) >>> 24);
            sum += Math.abs(difference);
        }
        assertThat(sum / (120 * 80.0)).isLessThan(3);
    }

    @Test
    void greyStaysGrey() throws Exception {
        BufferedImage grey = grey(120, 80);

        byte[] file = encode(grey);

        assertThat(channels(file)).isEqualTo(1);
        assertLike(decode(file), gradient(120, 80));
    }

    @Test
    void greyPictureWithAnRgbProfileIsEncodedInColor() throws Exception {
        byte[] file = encoder.encode(grey(120, 80), QUALITY, profile(ColorSpace.CS_LINEAR_RGB));

        assertThat(channels(file)).isEqualTo(3);
        assertThat(read(file).profile())
                .hasValueSatisfying(profile -> assertThat(profile)
                        .isEqualTo(profile(ColorSpace.CS_LINEAR_RGB).orElseThrow()));
        assertLike(decode(file), gradient(120, 80));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "2, 1", "3, 5", "16, 16", "101, 67", "2001, 3", "3, 2001"})
    void sizeIsExact(int width, int height) throws Exception {
        BufferedImage decoded = decode(encode(plain(width, height, BufferedImage.TYPE_3BYTE_BGR)));
        assertLike(decoded, plain(width, height, BufferedImage.TYPE_3BYTE_BGR));

        BufferedImage withAlpha = decode(encode(plain(width, height, BufferedImage.TYPE_INT_ARGB)));
        assertLike(withAlpha, plain(width, height, BufferedImage.TYPE_INT_ARGB));

        BufferedImage grey = decode(encode(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY)));
        assertLike(grey, new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void profileIsKept(boolean alpha) throws Exception {
        Optional<byte[]> profile = profile(ColorSpace.CS_LINEAR_RGB);
        BufferedImage scene = HeifScene.draw(120, 80, alpha);

        LibHeif.Decoded decoded = read(encoder.encode(scene, QUALITY, profile));

        assertThat(decoded.profile())
                .hasValueSatisfying(read -> assertThat(read).isEqualTo(profile.orElseThrow()));
        assertLike(decoded.image(), scene); // the samples are not converted
    }

    @Test
    void greyProfileIsKeptIfThePictureIsGrey() throws Exception {
        Optional<byte[]> profile = profile(ColorSpace.CS_GRAY);

        assertThat(read(encoder.encode(grey(64, 64), QUALITY, profile)).profile())
                .isPresent();
        assertThat(read(encoder.encode(gradient(64, 64), QUALITY, profile)).profile())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 5000})
    void profileThatIsNoneIsLeftOut(int length) throws Exception {
        byte[] file = encoder.encode(HeifScene.draw(120, 80, false), QUALITY, Optional.of(new byte[length]));

        assertThat(read(file).profile()).isEmpty();
        assertLike(decode(file), HeifScene.draw(120, 80, false));
    }

    @Test
    void fileWithoutProfileSaysThatItIsSrgb() throws Exception {
        // primaries of BT.709, transfer function of sRGB, matrix of BT.601, full range
        assertThat(encode(HeifScene.draw(120, 80, false))).containsSequence(codedColors(1, 13));
    }

    @Test
    void higherQualityGivesALargerFile() throws Exception {
        BufferedImage image = noise(200, 150);
        List<Integer> sizes = new ArrayList<>();
        for (double quality : new double[] {0, 0.3, 0.6, 0.79, 0.8, 0.9, 1}) {
            sizes.add(encoder.encode(image, quality, Optional.empty()).length);
        }

        assertThat(sizes).isSorted();
        assertThat(sizes.get(0)).isLessThan(sizes.get(2) * 2 / 3);
        assertThat(sizes.get(6)).isGreaterThan(sizes.get(4) * 3 / 2);
    }

    @ParameterizedTest
    @CsvSource({"0, 30", "0.4, 45", "0.8, 60", "0.9, 80", "1, 100"})
    void qualityIsMappedToThatOfTheLibrary(double quality, int expected) {
        assertThat(AvifEncoder.heifQuality(quality)).isEqualTo(expected);
    }

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<BufferedImage>> results = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                BufferedImage image = HeifScene.draw(120 + i, 80 + i, i % 2 == 0);
                results.add(threads.submit(() -> decode(encode(image))));
            }
            for (int i = 0; i < 40; i++) {
                assertLike(results.get(i).get(), HeifScene.draw(120 + i, 80 + i, i % 2 == 0));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({"16385, 1", "1, 16385", "6000, 6000"})
    void tooLargePictureIsRejected(int width, int height) {
        assertThatThrownBy(() -> encode(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY)))
                .isInstanceOf(UnsupportedImageException.class)
                .hasMessageContaining(width + " x " + height + " pixels");
    }

    @Test
    void longestSideIsEncoded() throws Exception {
        BufferedImage decoded = decode(encode(plain(AvifEncoder.MAX_SIDE, 2, BufferedImage.TYPE_3BYTE_BGR)));

        assertLike(decoded, plain(AvifEncoder.MAX_SIDE, 2, BufferedImage.TYPE_3BYTE_BGR));
    }

    private byte[] encode(BufferedImage image) throws IOException {
        return encoder.encode(image, QUALITY, Optional.empty());
    }
}

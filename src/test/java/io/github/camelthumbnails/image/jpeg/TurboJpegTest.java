// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests libjpeg-turbo where it is installed. {@link JpegConformanceTest} compares the decoded pixels. */
class TurboJpegTest {

    private TurboJpeg codec;

    @BeforeEach
    void requireLibrary() {
        boolean continuousIntegration = System.getenv("CI") != null;
        assumeThat(TurboJpeg.find().isPresent() || continuousIntegration)
                .as("libjpeg-turbo is not installed")
                .isTrue();
        codec = TurboJpeg.find().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"8, 201, 301", "4, 100, 150", "3, 75, 112", "1, 25, 37"})
    void scalesSidesToEighthsRoundedDown(int eighths, int width, int height) {
        byte[] original = Pictures.quarters(ImageFormat.JPEG, 201, 301);

        Dimension size = new Dimension(201, 301);
        BufferedImage decoded = codec.decode(original, size, eighths).orElseThrow();
        BufferedImage encoded;
        BufferedImage converted;
        try (TurboJpegPlanes planes =
                codec.decodePlanes(original, size, eighths).orElseThrow()) {
            encoded = Pictures.decode(
                    codec.encode(planes, new Dimension(width, height), 0.9).orElseThrow());
            converted = codec.convert(planes).orElseThrow();
        }

        assertThat(encoded.getWidth()).isEqualTo(width);
        assertThat(encoded.getHeight()).isEqualTo(height);
        for (BufferedImage image : List.of(decoded, converted)) {
            assertThat(image.getWidth()).isEqualTo((201 * eighths + 7) / 8);
            assertThat(image.getHeight()).isEqualTo((301 * eighths + 7) / 8);
        }
        for (BufferedImage image : List.of(decoded, encoded, converted)) {
            for (int i = 0; i < 4; i++) {
                assertThat(Pictures.quarter(image, i).getRed()).isCloseTo(Pictures.QUARTERS[i].getRed(), within(5));
            }
        }
    }

    @Test
    void rejectsDefectiveFiles() {
        byte[] original = Pictures.quarters(ImageFormat.JPEG, 200, 120);
        Dimension size = new Dimension(200, 120);
        byte[] cutOff = Arrays.copyOf(original, original.length * 3 / 4);

        assertThat(codec.decodePlanes(cutOff, size, 4)).isEmpty();
        assertThat(codec.decode(cutOff, size, 4)).isEmpty();
        assertThat(codec.decodePlanes(original, new Dimension(200, 119), 4)).isEmpty();
        assertThat(codec.decodePlanes(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}, size, 4))
                .isEmpty();
    }
}

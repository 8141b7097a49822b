// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebpLosslessWriterTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_3BYTE_BGR
            })
    void pixelsAreExact(int type) throws IOException {
        BufferedImage image = new BufferedImage(37, 23, type);
        Random random = new Random(1);
        for (int i = 0; i < 37 * 23; i++) {
            int alpha = i % 3 * 0x7F + 1 & 0xFF;
            image.setRGB(i % 37, i / 37, random.nextInt() & 0xFFFFFF | alpha << 24);
        }
        image.setRGB(5, 5, 0x00123456);

        byte[] file = WebpLosslessWriter.encode(image);

        assertThat(WebpHeader.read(file).lossless()).isTrue();
        assertThat(WebpFiles.pixels(WebpFiles.decode(file))).isEqualTo(WebpFiles.pixels(image));
    }

    @Test
    void losslessFileOfAnotherEncoderStaysExact() throws IOException {
        BufferedImage image = WebpFiles.decode(WebpFiles.read("lossless-transparent-colours"));
        assertThat(image.getRGB(3, 5)).as("transparent, but with a colour").isEqualTo(0x0030500F);

        assertThat(WebpFiles.pixels(WebpFiles.decode(WebpLosslessWriter.encode(image))))
                .isEqualTo(WebpFiles.pixels(image));
    }
}

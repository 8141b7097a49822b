// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.webp.WebpAnimationReader.Frame;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebpAnimationWriterTest {

    @BeforeEach
    void assumeLibraries() {
        WebpFiles.assumeLibraries();
    }

    /** Changes some of the pixels and their alpha in each frame, so that the encoder can store only the differences. */
    private static List<BufferedImage> noise(int frames) {
        Random random = new Random(1);
        BufferedImage image = new BufferedImage(37, 23, BufferedImage.TYPE_INT_ARGB);
        List<BufferedImage> result = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            for (int n = 0; n < 200; n++) {
                int alpha = random.nextInt(3) * 0x7F + 1 & 0xFF; // 1, 128 or 255
                image.setRGB(random.nextInt(37), random.nextInt(23), random.nextInt() & 0xFFFFFF | alpha << 24);
            }
            image.setRGB(i, 0, 0x00123456 + i); // transparent, but not black
            BufferedImage copy = new BufferedImage(37, 23, BufferedImage.TYPE_INT_ARGB);
            image.copyData(copy.getRaster());
            result.add(copy);
        }
        return result;
    }

    private static byte[] write(List<BufferedImage> images, int loops, boolean lossless, int... durations)
            throws IOException {
        BufferedImage first = images.get(0);
        try (WebpAnimationWriter writer =
                new WebpAnimationWriter(first.getWidth(), first.getHeight(), loops, 0.8, lossless)) {
            for (int i = 0; i < images.size(); i++) {
                writer.add(images.get(i), durations[i]);
            }
            return writer.finish();
        }
    }

    @Test
    void losslessFramesAreExact() throws IOException {
        List<BufferedImage> images = noise(5);

        byte[] file = write(images, 0, true, 10, 20, 30, 40, 50);

        assertThat(WebpHeader.read(file).lossless()).isTrue();
        List<Frame> frames = WebpFiles.frames(file);
        assertThat(frames).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(WebpFiles.pixels(frames.get(i).image())).isEqualTo(WebpFiles.pixels(images.get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 65535})
    void loopsAndDurationsAreKept(int loops) throws IOException {
        byte[] file = write(noise(5), loops, false, 0, 9, 0xFFFFFF, 1, 0);

        assertThat(WebpHeader.read(file).loops()).isEqualTo(loops);
        assertThat(WebpFiles.frames(file).stream().map(Frame::durationMillis)).containsExactly(0, 9, 0xFFFFFF, 1, 0);
    }

    @Test
    void lossyFramesKeepColorAndAlpha() throws IOException {
        Color[] colors = {Color.RED, new Color(0, 0, 255, 128), new Color(0, 255, 0, 0), Color.YELLOW};
        List<BufferedImage> images = new ArrayList<>();
        for (Color color : colors) {
            images.add(WebpFiles.plain(40, 30, color));
        }

        byte[] file = write(images, 3, false, 10, 10, 10, 10);

        WebpHeader header = WebpHeader.read(file);
        assertThat(header.lossless()).isFalse();
        assertThat(header.alpha()).isTrue();
        List<Frame> frames = WebpFiles.frames(file);
        for (int i = 0; i < colors.length; i++) {
            Color actual = new Color(frames.get(i).image().getRGB(20, 15), true);
            assertThat(actual.getAlpha()).isEqualTo(colors[i].getAlpha());
            if (colors[i].getAlpha() > 0) {
                assertThat(actual.getRed()).isCloseTo(colors[i].getRed(), Offset.offset(6));
                assertThat(actual.getGreen()).isCloseTo(colors[i].getGreen(), Offset.offset(6));
                assertThat(actual.getBlue()).isCloseTo(colors[i].getBlue(), Offset.offset(6));
            }
        }
    }

    @Test
    void imagesOfOtherLayoutsAreConverted() throws IOException {
        BufferedImage bgr = new BufferedImage(37, 23, BufferedImage.TYPE_3BYTE_BGR);
        bgr.createGraphics().drawImage(noise(1).get(0), 0, 0, null);
        BufferedImage part = WebpFiles.plain(60, 60, Color.RED);
        part.setRGB(10, 10, 0x80112233);

        List<Frame> frames = WebpFiles.frames(write(List.of(bgr, part.getSubimage(10, 10, 37, 23)), 0, true, 10, 10));

        assertThat(WebpFiles.pixels(frames.get(0).image())).isEqualTo(WebpFiles.pixels(bgr));
        assertThat(frames.get(1).image().getRGB(0, 0)).isEqualTo(0x80112233);
        assertThat(frames.get(1).image().getRGB(36, 22)).isEqualTo(0xFFFF0000);
    }

    @Test
    void repeatedFrameIsStoredOnceWithALongerDuration() throws IOException {
        List<BufferedImage> images = noise(2);

        List<Frame> frames = WebpFiles.frames(
                write(List.of(images.get(0), images.get(0), images.get(1), images.get(1)), 0, true, 10, 20, 30, 40));

        assertThat(frames.stream().map(Frame::durationMillis)).containsExactly(30, 70);
    }

    @Test
    void singleFrameIsAStillPicture() throws IOException {
        byte[] file = write(noise(1), 0, true, 10);

        assertThat(WebpHeader.read(file).animated()).isFalse();
        assertThat(WebpFiles.pixels(WebpFiles.decode(file))).isEqualTo(WebpFiles.pixels(noise(1).get(0)));
    }

    @Test
    void invalidSizesAndDurationsAreRejected() throws IOException {
        assertThatThrownBy(() -> new WebpAnimationWriter(16384, 1, 0, 0.8, false))
                .hasMessageContaining("16384 x 1 pixels");
        try (WebpAnimationWriter writer = new WebpAnimationWriter(37, 23, 0, 0.8, false)) {
            assertThatThrownBy(() -> writer.add(WebpFiles.plain(37, 22, Color.RED), 10))
                    .hasMessageContaining("37 x 22 pixels");
            assertThatThrownBy(() -> writer.add(noise(1).get(0), -1)).hasMessageContaining("durations");
            writer.add(noise(1).get(0), Integer.MAX_VALUE);
            assertThatThrownBy(() -> writer.add(noise(1).get(0), 1)).hasMessageContaining("durations");
        }
    }

    @Test
    void animationWithoutFramesIsRejected() throws IOException {
        try (WebpAnimationWriter writer = new WebpAnimationWriter(37, 23, 0, 0.8, false)) {
            assertThatThrownBy(writer::finish).isInstanceOf(IOException.class);
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import io.github.camelthumbnails.image.webp.WebpAnimationReader.Frame;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractIntegerAssert;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebpAnimationReaderTest {

    private static final int TRANSPARENT = 0;
    private static final int RED = 0xFFFF0000;
    private static final int BLUE = 0xFF0000FF;

    @BeforeEach
    void assumeLibraries() {
        WebpFiles.assumeLibraries();
    }

    @ParameterizedTest
    @CsvSource({
        "animated-lossless, 120, 80, 2, '100, 200, 300'",
        "blend-and-dispose, 16, 16, 7, '70, 80, 90'",
        "first-frame-1x1, 512, 512, 0, '100, 100'",
        "from-gif, 8, 8, 3, '100, 50, 200'",
        "lossy, 32, 24, 3, '5, 1, 1000'",
        "lossy-alpha, 40, 40, 0, '40, 60'",
        "mixed, 32, 32, 1, '40, 60'"
    })
    void sizeLoopsAndDurationsAreRead(String file, int width, int height, int loops, String durations)
            throws IOException {
        byte[] webp = WebpFiles.read(file);

        List<Frame> frames = WebpFiles.frames(webp);

        assertThat(frames.stream().map(Frame::durationMillis).toList()).hasToString("[" + durations + "]");
        try (WebpAnimationReader reader = WebpAnimationReader.open(webp)) {
            assertThat(reader.loops()).isEqualTo(loops);
            assertThat(reader.width()).isEqualTo(width);
            assertThat(reader.height()).isEqualTo(height);
        }
        for (Frame frame : frames) {
            assertThat(frame.image().getWidth()).isEqualTo(width);
            assertThat(frame.image().getHeight()).isEqualTo(height);
        }
    }

    @Test
    void framesAreBlendedAndDisposed() throws IOException {
        List<Frame> frames = WebpFiles.frames(WebpFiles.read("blend-and-dispose"));

        BufferedImage first = frames.get(0).image();
        assertThat(first.getRGB(8, 8)).isEqualTo(RED);
        BufferedImage blended = frames.get(1).image();
        assertThat(blended.getRGB(3, 3)).isEqualTo(RED);
        assertColor(blended.getRGB(4, 4), new Color(127, 0, 128));
        assertColor(blended.getRGB(11, 11), new Color(127, 0, 128));
        assertThat(blended.getRGB(12, 12)).isEqualTo(RED);
        BufferedImage disposed = frames.get(2).image();
        assertThat(disposed.getRGB(3, 3)).as("replaced, not blended").isEqualTo(0x8000FF00);
        assertThat(disposed.getRGB(4, 4)).as("cleared").isEqualTo(TRANSPARENT);
        assertThat(disposed.getRGB(12, 12)).isEqualTo(RED);
    }

    @Test
    void frameSmallerThanTheCanvasKeepsItsPosition() throws IOException {
        BufferedImage first =
                WebpFiles.frames(WebpFiles.read("first-frame-offset")).get(0).image();

        assertThat(first.getRGB(200, 100)).isEqualTo(RED);
        assertThat(first.getRGB(299, 179)).isEqualTo(RED);
        assertThat(first.getRGB(199, 100) | first.getRGB(200, 99)).isEqualTo(TRANSPARENT);
        assertThat(first.getRGB(300, 179) | first.getRGB(299, 180)).isEqualTo(TRANSPARENT);
    }

    @Test
    void colorsOfLossyFramesAreRight() throws IOException {
        List<Frame> frames = WebpFiles.frames(WebpFiles.read("lossy"));

        Color[] left = {Color.RED, Color.GREEN, Color.BLUE};
        Color[] right = {Color.BLUE, Color.BLUE, Color.YELLOW};
        for (int i = 0; i < left.length; i++) {
            assertColor(frames.get(i).image().getRGB(4, 12), left[i]);
            assertColor(frames.get(i).image().getRGB(27, 12), right[i]);
        }
    }

    @Test
    void truncatedAnimationKeepsItsCompleteFrames() throws IOException {
        byte[] file = WebpFiles.read("animated-lossless");

        List<Frame> frames = WebpFiles.frames(Arrays.copyOf(file, file.length - 3));

        assertThat(frames).hasSize(2);
        assertThat(frames.get(1).image().getRGB(60, 40)).isEqualTo(0xFF00FF00);
    }

    @Test
    void brokenFrameIsReportedWhenItIsRead() throws IOException {
        byte[] file = WebpFiles.read("lossy");
        int second = new String(file, StandardCharsets.ISO_8859_1).indexOf("ANMF", WebpFiles.find(file, "ANMF") + 4);
        Arrays.fill(file, second + 8 + 16 + 8 + 10, second + 8 + 16 + 8 + 24, (byte) 0xFF);

        try (WebpAnimationReader reader = WebpAnimationReader.open(file)) {
            reader.next();
            assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessageContaining("broken");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void functionsOfTheLibrariesAreNotVisibleToOtherLibraries() {
        NativeLibrary visibleToAll = NativeLibrary.getProcess();

        assertThatThrownBy(() -> visibleToAll.getFunction("WebPAnimDecoderNewInternal"))
                .isInstanceOf(UnsatisfiedLinkError.class);
        assertThatThrownBy(() -> visibleToAll.getFunction("WebPDecode")).isInstanceOf(UnsatisfiedLinkError.class);
    }

    @Test
    void readerHasNoFrameAfterTheLastOneOrAfterClose() throws IOException {
        WebpAnimationReader reader = WebpAnimationReader.open(WebpFiles.read("first-frame-1x1"));
        reader.next();
        reader.next();
        assertThat(reader.hasNext()).isFalse();
        assertThatThrownBy(reader::next).isInstanceOf(IOException.class);

        reader.close();
        reader.close();
        assertThat(reader.hasNext()).isFalse();
        assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-frame-1x1", "first-frame-offset", "lossy-alpha"})
    void firstFrameLooksTheSameWithoutTheLibraries(String file) throws IOException {
        byte[] webp = WebpFiles.read(file);
        WebpHeader header = WebpHeader.read(webp);
        BufferedImage canvas = WebpFiles.frames(webp).get(0).image();
        BufferedImage frame = canvas.getSubimage(
                header.firstFrame().x, header.firstFrame().y, header.firstFrame().width, header.firstFrame().height);

        assertThat(WebpFiles.pixels(WebpFirstFrame.onCanvas(frame, header))).isEqualTo(WebpFiles.pixels(canvas));
    }

    @Test
    void firstFrameThatFillsTheCanvasIsNotCopied() throws IOException {
        BufferedImage frame = WebpFiles.plain(120, 80, Color.RED);

        assertThat(WebpFirstFrame.onCanvas(frame, WebpHeader.read(WebpFiles.read("animated-lossless"))))
                .isSameAs(frame);
    }

    private static void assertColor(int actual, Color expected) {
        Color color = new Color(actual, true);
        Offset<Integer> tolerance = Offset.offset(6);
        near(color.getRed()).isCloseTo(expected.getRed(), tolerance);
        near(color.getGreen()).isCloseTo(expected.getGreen(), tolerance);
        near(color.getBlue()).isCloseTo(expected.getBlue(), tolerance);
        near(color.getAlpha()).isCloseTo(expected.getAlpha(), tolerance);
    }

    private static AbstractIntegerAssert<?> near(int sample) {
        return assertThat(sample);
    }
}

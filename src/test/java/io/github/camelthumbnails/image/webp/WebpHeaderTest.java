// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebpHeaderTest {

    private static final int FIRST_CHUNK = 12;

    @ParameterizedTest
    @CsvSource({
        // file, width, height, animated, alpha, lossless, loops, frames, pixels of the largest frame
        "animated-lossless, 120, 80, true, true, true, 2, 3, 9600",
        "blend-and-dispose, 16, 16, true, true, true, 7, 3, 256",
        "first-frame-1x1, 512, 512, true, true, true, 0, 2, 262144",
        "from-gif, 8, 8, true, false, true, 3, 3, 64",
        "lossless, 200, 100, false, false, true, 0, 1, 20000",
        "lossless-transparent-colours, 16, 16, false, true, true, 0, 1, 256",
        "lossy, 32, 24, true, false, false, 3, 3, 768",
        "lossy-alpha, 40, 40, true, true, false, 0, 2, 1024",
        "mixed, 32, 32, true, true, false, 1, 2, 1024",
        "still-lossy, 16, 12, false, false, false, 0, 1, 192",
        "still-lossy-alpha, 32, 32, false, true, false, 0, 1, 1024"
    })
    void headerIsRead(
            String file,
            int width,
            int height,
            boolean animated,
            boolean alpha,
            boolean lossless,
            int loops,
            int frames,
            long maxFramePixels)
            throws IOException {
        WebpHeader header = WebpHeader.read(WebpFiles.read(file));

        assertThat(header)
                .usingRecursiveComparison()
                .ignoringFields("firstFrame")
                .isEqualTo(
                        new WebpHeader(width, height, animated, alpha, lossless, loops, frames, null, maxFramePixels));
    }

    @ParameterizedTest
    @CsvSource({"first-frame-offset, 200, 100, 100, 80", "lossy-alpha, 2, 4, 32, 32", "lossless, 0, 0, 200, 100"})
    void positionOfTheFirstFrameIsRead(String file, int x, int y, int width, int height) throws IOException {
        assertThat(WebpHeader.read(WebpFiles.read(file)).firstFrame()).isEqualTo(new Rectangle(x, y, width, height));
    }

    @Test
    void pixelCountOfTheLargestCanvasDoesNotOverflow() throws IOException {
        byte[] file = WebpFiles.read("animated-lossless");
        byte[] large = WebpFiles.with24Bits(WebpFiles.with24Bits(file, 24, 0xFFFFFF), 27, 0xFFFFFF);

        WebpHeader header = WebpHeader.read(large);

        assertThat(header.width()).isEqualTo(1 << 24);
        assertThat(header.height()).isEqualTo(1 << 24);
        assertThat(WebpAnimationReader.nativeBytes(header, large.length)).isGreaterThan(1L << 51);
        assertThat(WebpAnimationWriter.nativeBytes(1 << 14, 1 << 14, true)).isGreaterThan(1L << 32);
    }

    @Test
    void truncatedFramesAreNotCounted() throws IOException {
        byte[] file = WebpFiles.read("animated-lossless");

        assertThat(WebpHeader.read(Arrays.copyOf(file, file.length - 3)).frames())
                .isEqualTo(2);
    }

    @Test
    void animationWithoutACompleteFrameIsBroken() {
        byte[] file = WebpFiles.read("animated-lossless");
        byte[] cutOff = Arrays.copyOf(file, WebpFiles.find(file, "ANMF") + 30);

        assertThatThrownBy(() -> WebpHeader.read(cutOff)).hasMessage("the WebP has no complete frame");
    }

    @Test
    void frameBeyondTheCanvasIsBroken() {
        byte[] file = WebpFiles.read("first-frame-offset");
        byte[] moved = WebpFiles.with24Bits(file, WebpFiles.find(file, "ANMF") + 8, 207); // in steps of 2 pixels

        assertThatThrownBy(() -> WebpHeader.read(moved)).hasMessage("frame 1 is not within the canvas of 512 x 512");
    }

    @Test
    void frameWhoseDataHasAnotherSizeIsBroken() {
        byte[] file = WebpFiles.read("first-frame-offset");
        byte[] wider = WebpFiles.with24Bits(file, WebpFiles.find(file, "ANMF") + 8 + 6, 100);
        byte[] still = WebpFiles.read("still-lossy-alpha");
        byte[] higher = WebpFiles.with24Bits(still, 27, 32);

        assertThatThrownBy(() -> WebpHeader.read(wider))
                .hasMessage("frame 1 has 100 x 80 pixels, not 101 x 80 as its header says");
        assertThatThrownBy(() -> WebpHeader.read(higher))
                .hasMessage("frame 1 has 32 x 32 pixels, not 32 x 33 as its header says");
    }

    @Test
    void everyTruncatedFileIsReadOrRejected() {
        for (String name : new String[] {"lossy-alpha", "lossless", "still-lossy"}) {
            byte[] file = WebpFiles.read(name);
            for (int length = 0; length < file.length; length++) {
                byte[] cutOff = Arrays.copyOf(file, length);
                try {
                    assertThat(WebpHeader.read(cutOff).width()).isPositive();
                } catch (IOException e) {
                    assertThat(e.getMessage()).contains("WebP");
                }
            }
        }
    }

    @Test
    void dataAfterTheEndOfTheRiffContainerIsIgnored() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] webp = WebpFiles.read("animated-lossless");
        file.write(webp);
        file.write(webp, WebpFiles.find(webp, "ANMF"), 52);

        assertThat(WebpHeader.read(file.toByteArray()).frames()).isEqualTo(3);
    }

    @Test
    void otherFilesAreRejected() {
        byte[] wave = WebpFiles.read("lossless");
        System.arraycopy("WAVE".getBytes(StandardCharsets.US_ASCII), 0, wave, 8, 4);
        byte[] unknown = WebpFiles.read("lossless");
        System.arraycopy("junk".getBytes(StandardCharsets.US_ASCII), 0, unknown, FIRST_CHUNK, 4);

        assertThatThrownBy(() -> WebpHeader.read(wave)).hasMessage("the first bytes are not those of a WebP");
        assertThatThrownBy(() -> WebpHeader.read(unknown)).hasMessage("the WebP has no picture");
    }
}

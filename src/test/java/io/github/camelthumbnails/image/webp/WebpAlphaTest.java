// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.camelthumbnails.image.Budgets;
import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.ConformanceScenes;
import io.github.camelthumbnails.image.ConformanceWebp;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.image.UnusableImageException;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a broken alpha channel, which libwebp reports as "out of memory", makes a picture corrupt. */
class WebpAlphaTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    private final Thumbnailer thumbnailer = new Thumbnailer(
            List.of(new Preset("thumbnail", new Scale(new BigDecimal("0.5")))),
            new Codec.Options(true),
            new ImageLimits(1_000_000, Budgets.UNLIMITED, Duration.ofSeconds(60)),
            new HangingDecodes(Duration.ZERO));

    @ParameterizedTest
    @CsvSource({
        "'', the alpha channel is empty",
        "01, the alpha channel is empty",
        "0000, the alpha channel is cut off",
        "0200, the alpha channel has an unknown header",
        "2100, the alpha channel has an unknown header",
        "8100, the alpha channel has an unknown header",
        "010000, the alpha channel is broken",
        "01FFFFFFFFFFFFFF, the alpha channel is broken",
    })
    void brokenAlphaChannelMakesThePictureCorrupt(String chunk, String problem) {
        byte[] webp = withAlpha(HexFormat.of().parseHex(chunk));

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer.renditions(webp))
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CorruptImage));
    }

    @Test
    void damagedAlphaChannelIsNeverReportedAsOutOfMemory() throws Exception {
        byte[] valid = alpha();
        int failed = 0;
        for (int position = 0; position < Math.min(valid.length, 40); position++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] damaged = valid.clone();
                damaged[position] ^= (byte) (1 << bit);
                try {
                    thumbnailer.renditions(withAlpha(damaged));
                } catch (UnusableImageException e) {
                    assertThat(e.reason()).isEqualTo(Reason.CorruptImage);
                    failed++;
                }
            }
        }
        assertThat(failed).isPositive();
    }

    /** For a valid alpha channel, "out of memory" from libwebp must be true. */
    @Test
    void validAlphaChannelsPass() throws Exception {
        byte[] uncompressed = new byte[1 + WIDTH * HEIGHT];
        Arrays.fill(uncompressed, 1, uncompressed.length, (byte) 200);
        for (byte[] alpha : new byte[][] {alpha(), uncompressed}) {
            byte[] webp = withAlpha(alpha);
            assertThat(thumbnailer.renditions(webp).get(0).width()).isEqualTo(WIDTH / 2);
            assertThatNoException().isThrownBy(() -> WebpAlpha.check(webp, WIDTH, HEIGHT, () -> false));
        }
        byte[] opaque = Pictures.quarters(ImageFormat.WEBP, WIDTH, HEIGHT);
        assertThatNoException().isThrownBy(() -> WebpAlpha.check(opaque, WIDTH, HEIGHT, () -> false));
    }

    private static byte[] alpha() {
        byte[] webp = ConformanceWebp.write(ConformanceScenes.translucent(WIDTH, HEIGHT), true);
        ByteBuffer chunk = WebpChunks.findLast(webp, "ALPH").orElseThrow();
        byte[] alpha = new byte[chunk.remaining()];
        chunk.get(alpha);
        assertThat(alpha[0] & 1).as("compressed").isEqualTo(1);
        return alpha;
    }

    /** Returns a lossy picture with the given alpha channel. */
    private static byte[] withAlpha(byte[] alpha) {
        BufferedImage image = Pictures.quarters(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        byte[] lossy = ConformanceWebp.write(image, true);
        ByteBuffer extended = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        extended.put(0, (byte) WebpChunks.ALPHA_FLAG);
        extended.putShort(4, (short) (WIDTH - 1)).putShort(7, (short) (HEIGHT - 1));
        byte[] file = Pictures.concat(
                Arrays.copyOf(lossy, WebpChunks.RIFF_HEADER_BYTES),
                chunk("VP8X", extended.array()),
                chunk("ALPH", alpha),
                Arrays.copyOfRange(lossy, WebpChunks.RIFF_HEADER_BYTES, lossy.length));
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);
        return file;
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] length = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(data.length)
                .array();
        return Pictures.concat(Pictures.ascii(type), length, data, new byte[data.length % 2]);
    }
}

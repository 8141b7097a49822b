// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceWebp.chunk;
import static io.github.camelthumbnails.image.ConformanceWebp.riff;
import static io.github.camelthumbnails.image.Pictures.concat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.webp.WebpFiles;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and misleading WebP files have the same outcome with the shortcut and without it. */
class DamagedWebpTest {

    private static final String COMPLETE = "160 x 104";
    private static final String BROKEN = "CorruptImage: Broken WEBP";

    private static final byte[] NONE = {};

    /** Returns files, and how the description of their outcome starts. */
    static Stream<Arguments> outcomeIsTheSame() {
        BufferedImage photo = ConformanceScenes.photo(320, 208);
        byte[] plain = ConformanceWebp.write(photo, true);
        byte[] pixels = ConformanceWebp.pixels(plain);
        byte[] header = ConformanceWebp.header(photo, 0);
        byte[] extended = riff(header, pixels);
        int sides = WebpFiles.find(plain, "VP8 ") + 14;
        byte[] tall = plain.clone();
        ByteBuffer.wrap(tall).order(ByteOrder.LITTLE_ENDIAN).putShort(sides + 2, (short) 16383);
        byte[] overwritten = plain.clone();
        Arrays.fill(overwritten, sides + 4, plain.length, (byte) 0xFF);
        byte[] alpha = chunk("ALPH", new byte[1 + 320 * 208]);
        byte[] green = ConformanceWebp.pixels(Pictures.quarters(ImageFormat.WEBP, 320, 208));
        byte[] frame = ConformanceWebp.animation(photo, Pictures.quarters(ImageFormat.WEBP, 320, 208));
        byte[] hidden = riff(header, Arrays.copyOfRange(frame, WebpFiles.find(frame, "ANMF"), frame.length), pixels);
        return Stream.of(
                Arguments.of("complete", plain, COMPLETE),
                Arguments.of("extended", extended, COMPLETE),
                Arguments.of("garbage at the end", concat(plain, new byte[1000]), COMPLETE),
                Arguments.of("cut off", Arrays.copyOf(plain, plain.length / 2), BROKEN),
                Arguments.of("cut off after the header", Arrays.copyOf(plain, 40), BROKEN),
                Arguments.of("the last rows are missing", shortened(plain, 100), BROKEN),
                Arguments.of("half of the rows are missing", shortened(plain, plain.length / 2), BROKEN),
                Arguments.of("more rows than data", tall, BROKEN),
                Arguments.of("overwritten data", overwritten, BROKEN),
                Arguments.of("an empty unknown chunk", riff(header, chunk("ABCD", NONE), pixels), COMPLETE),
                Arguments.of("another picture after the first", riff(header, pixels, green), COMPLETE),
                Arguments.of("a frame before the picture", hidden, COMPLETE),
                Arguments.of("alpha without a flag", riff(header, alpha, pixels), COMPLETE),
                Arguments.of("a larger canvas", WebpFiles.with24Bits(extended, 24, 639), BROKEN),
                Arguments.of("a huge canvas", WebpFiles.with24Bits(extended, 24, 0xFFFFFF), BROKEN),
                Arguments.of("an empty picture", riff(chunk("VP8 ", NONE)), BROKEN),
                Arguments.of("an empty lossless picture", riff(header, chunk("VP8L", NONE), pixels), BROKEN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void outcomeIsTheSame(String name, byte[] file, String expected) throws Exception {
        assertThat(outcome(file, true)).startsWith(expected).isEqualTo(outcome(file, false));
    }

    /** Some of these rows are not in the thumbnail: the last one of 305 has blocks of its own and is cropped. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1000})
    void missingRowsAreAnError(int bytes) throws Exception {
        byte[] original = ConformanceWebp.write(ConformanceScenes.photo(320, 305), true);

        assertThat(outcome(original, true)).startsWith("160 x 152");
        assertThat(outcome(shortened(original, bytes), true)).startsWith(BROKEN);
    }

    /** Describes the thumbnail by its size and the colour of its middle, or the failure. */
    private static String outcome(byte[] original, boolean nativeCodec) throws Exception {
        ImageLimits limits = new ImageLimits(50_000_000, Budgets.both(1_000_000_000), Duration.ofSeconds(60));
        SingleThumbnailer thumbnailer = new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")), 0.95, nativeCodec, limits, new HangingDecodes(Duration.ZERO));
        try {
            BufferedImage image =
                    Pictures.decode(thumbnailer.thumbnail(original).bytes());
            int middle = image.getRGB(image.getWidth() / 2, image.getHeight() / 2);
            return image.getWidth() + " x " + image.getHeight() + ", alpha " + (middle >>> 24) + ", red "
                    + Math.round((middle >> 16 & 0xFF) / 16.0);
        } catch (UnusableImageException e) {
            return e.reason() + ": " + e.getMessage();
        }
    }

    /** Removes the last bytes of the only chunk, and corrects the lengths in the headers. */
    private static byte[] shortened(byte[] webp, int bytes) {
        byte[] chunk = ConformanceWebp.pixels(webp);
        return riff(chunk("VP8 ", Arrays.copyOfRange(chunk, 8, chunk.length - bytes)));
    }
}

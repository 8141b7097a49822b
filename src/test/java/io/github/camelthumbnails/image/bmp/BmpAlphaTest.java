// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Decodes bitmaps with bit masks for red, green, blue and alpha in all kinds of headers, and bitmaps with headers of
 * OS/2.
 */
class BmpAlphaTest {

    private static final int WIDTH = 7;
    private static final int HEIGHT = 4;

    /** Colours of the quarters. The left half is opaque, the right half is translucent. */
    private static final int[] COLORS = {0xFFFF0000, 0x8800FF00, 0xFF0000FF, 0x88FFFF00};

    private static final int UNCOMPRESSED = 0;
    private static final int MASKS = 3;
    private static final int ALPHA_MASKS = 6;

    @ParameterizedTest(name = "{0} bytes of header, {1} bits, compression {2}, masks {3} {4} {5} {6}")
    @CsvSource({
        "40, 32, 6, FF0000, FF00, FF, FF000000",
        "40, 32, 6, FF, FF00, FF0000, FF000000",
        "40, 16, 6, F00, F0, F, F000",
        "56, 32, 3, FF0000, FF00, FF, FF000000",
        "56, 32, 6, FF0000, FF00, FF, FF000000",
        "56, 32, 3, FF000000, FF0000, FF00, FF",
        "56, 16, 3, F00, F0, F, F000",
        "108, 32, 3, FF00, FF0000, FF000000, FF",
        "108, 16, 3, F00, F0, F, F000",
        "108, 16, 3, F000, F00, F0, F",
        "108, 16, 6, F00, F0, F, F000",
        "124, 32, 3, FF, FF00, FF0000, FF000000",
        "124, 32, 3, FF00000, FF000, FF0, F",
        "124, 16, 3, F, F0, F00, F000"
    })
    void readsAlpha(int header, int depth, int compression, String r, String g, String b, String a) throws Exception {
        assertShows(bmp(header, depth, compression, masks(r, g, b, a), COLORS), COLORS);
    }

    @ParameterizedTest(name = "{0} bytes of header, compression {1}")
    @CsvSource({"40, 6", "56, 3", "108, 3", "124, 3"})
    void readsAlphaOfOneBit(int header, int compression) throws Exception {
        int[] colors = {0xFFFF0000, 0x0000FF00, 0xFF0000FF, 0x00FFFF00};

        assertShows(bmp(header, 16, compression, masks("7C00", "3E0", "1F", "8000"), colors), colors);
    }

    @ParameterizedTest(name = "{0} bytes of header, {1} bits, compression {2}, masks {3} {4} {5}")
    @CsvSource({
        "40, 32, 3, FF, FF00, FF0000",
        "52, 32, 3, FF000000, FF0000, FF00",
        "52, 16, 3, F800, 7E0, 1F",
        "56, 32, 3, FF0000, FF00, FF",
        "108, 32, 3, 3FF00000, FFC00, 3FF",
        "108, 16, 3, F800, 7E0, 1F",
        "124, 16, 3, 1F, 7E0, F800"
    })
    void pictureWithoutAlphaMaskIsOpaque(int header, int depth, int compression, String r, String g, String b)
            throws Exception {
        assertShows(bmp(header, depth, compression, masks(r, g, b, "0"), COLORS), opaque());
    }

    /** In uncompressed pixels, the bits for alpha are unused, whatever the masks in the header say. */
    @ParameterizedTest
    @ValueSource(ints = {40, 52, 56, 108, 124})
    void uncompressedPictureIsOpaque(int header) throws Exception {
        assertShows(bmp(header, 32, UNCOMPRESSED, masks("FF0000", "FF00", "FF", "FF000000"), COLORS), opaque());
        assertShows(bmp(header, 16, UNCOMPRESSED, masks("7C00", "3E0", "1F", "8000"), COLORS), opaque());
    }

    @ParameterizedTest
    @CsvSource({"32, FF0000, FF00, FF, FF000000", "16, 7C00, 3E0, 1F, 8000"})
    void fullyTransparentPictureBecomesOpaque(int depth, String r, String g, String b, String a) throws Exception {
        int[] invisible = Arrays.stream(COLORS).map(color -> color & 0xFFFFFF).toArray();

        assertShows(bmp(108, depth, MASKS, masks(r, g, b, a), invisible), opaque());
    }

    @Test
    void readsTopDownRows() throws Exception {
        byte[] bmp = bmp(108, 16, MASKS, masks("F00", "F0", "F", "F000"), COLORS);
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(22, -HEIGHT);

        assertShows(bmp, COLORS[2], COLORS[3], COLORS[0], COLORS[1]);
    }

    @Test
    void rejectsTruncatedFiles() {
        byte[] bmp = bmp(108, 16, MASKS, masks("F00", "F0", "F", "F000"), COLORS);
        byte[] masksCutOff = bmp(40, 16, ALPHA_MASKS, masks("F00", "F0", "F", "F000"), COLORS);

        assertThatThrownBy(() -> decode(Arrays.copyOf(bmp, bmp.length - 1))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> decode(Arrays.copyOf(masksCutOff, 60))).isInstanceOf(IOException.class);
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 60_000).putInt(22, Integer.MIN_VALUE);
        assertThatThrownBy(() -> decode(bmp)).isInstanceOf(IOException.class);
    }

    /** OS/2 2.x headers have 64 bytes, but files may omit zeros at the end. */
    @ParameterizedTest
    @ValueSource(ints = {16, 20, 24, 48, 60, 64})
    void readsHeadersOfOs2(int header) throws Exception {
        byte[] windows = bmp(40, 24, UNCOMPRESSED, null, COLORS);
        ByteBuffer os2 = ByteBuffer.allocate(windows.length - 40 + header).order(ByteOrder.LITTLE_ENDIAN);
        os2.put(windows, 0, 14 + 16).position(14 + header);
        os2.put(windows, 54, windows.length - 54);
        os2.putInt(10, 14 + header).putInt(14, header);

        assertShows(os2.array(), opaque());
    }

    private static int[] opaque() {
        return Arrays.stream(COLORS).map(color -> color | 0xFF000000).toArray();
    }

    private static int[] masks(String... hexadecimal) {
        return Arrays.stream(hexadecimal)
                .mapToInt(mask -> Integer.parseUnsignedInt(mask, 16))
                .toArray();
    }

    private static BufferedImage decode(byte[] bmp) throws IOException {
        BmpCodec codec = new BmpCodec();
        assertThat(codec.recognizes(bmp)).isTrue();
        codec.header(bmp, 1000, () -> false);
        try (FrameReader reader = codec.open(bmp, new Codec.Options(false), () -> false)) {
            return reader.next();
        }
    }

    private static void assertShows(byte[] bmp, int... colors) throws IOException {
        BufferedImage image = decode(bmp);
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(HEIGHT);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertThat(Integer.toHexString(image.getRGB(x, y)))
                        .as("%d, %d", x, y)
                        .isEqualTo(Integer.toHexString(quarter(colors, x, y)));
            }
        }
    }

    private static int quarter(int[] colors, int x, int y) {
        return colors[y * 2 / HEIGHT * 2 + x * 2 / WIDTH];
    }

    private static byte[] bmp(int header, int depth, int compression, int[] masks, int[] colors) {
        int masksAfterHeader = header > 40 || compression == UNCOMPRESSED ? 0 : compression == MASKS ? 12 : 16;
        int start = 14 + header + masksAfterHeader;
        int row = (WIDTH * depth / 8 + 3) / 4 * 4;
        ByteBuffer bmp = ByteBuffer.allocate(start + row * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(start);
        bmp.putInt(header).putInt(WIDTH).putInt(HEIGHT).putShort((short) 1).putShort((short) depth);
        bmp.putInt(compression).putInt(row * HEIGHT).position(14 + 40);
        for (int i = 0; masks != null && bmp.position() < start && i < 4; i++) {
            bmp.putInt(masks[i]);
        }
        for (int y = 0; y < HEIGHT; y++) {
            bmp.position(start + row * (HEIGHT - 1 - y));
            for (int x = 0; x < WIDTH; x++) {
                int argb = quarter(colors, x, y);
                if (depth == 24) {
                    bmp.put((byte) argb).put((byte) (argb >> 8)).put((byte) (argb >> 16));
                } else {
                    int pixel = bits(argb >> 16, masks[0]) | bits(argb >> 8, masks[1]) | bits(argb, masks[2]);
                    pixel |= bits(argb >> 24, masks[3]);
                    bmp.put(
                            ByteBuffer.allocate(4)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putInt(pixel)
                                    .array(),
                            0,
                            depth / 8);
                }
            }
        }
        return bmp.array();
    }

    private static int bits(int sample, int mask) {
        int shift = Integer.numberOfTrailingZeros(mask) & 31;
        long max = (mask & 0xFFFFFFFFL) >>> shift;
        return (int) (((sample & 0xFF) * max + 127) / 255) << shift;
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests JPEGs with several scans that are truncated exactly at the end of a scan, for which decoders give no warning.
 */
class MissingScansTest {

    private static final byte[] END = {(byte) 0xFF, (byte) 0xD9};

    private final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void pictureWithoutAllComponentsIsCorrupt(int scans) {
        byte[] cut = afterScan(components(), scans);

        assertCorrupt(cut, "scans of component " + (scans + 1) + " of 3");
        assertCorrupt(Pictures.concat(cut, END), "scans of component " + (scans + 1) + " of 3");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 1"})
    void progressivePictureWithoutDetailAndEndMarkerIsCorrupt(int scans, int component) {
        byte[] cut = afterScan(Pictures.progressiveJpeg(200, 120), scans);

        assertCorrupt(cut, "scans of component " + component + " of 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 8, 9, 10})
    void progressivePictureWithoutRefinementScansIsAccepted(int scans) throws Exception {
        assertQuarters(afterScan(Pictures.progressiveJpeg(200, 120), scans));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pictureWithAllComponentsNeedsNoEndMarker(boolean end) throws Exception {
        byte[] picture = afterScan(components(), 3);

        assertQuarters(end ? Pictures.concat(picture, END) : picture);
    }

    /** A progressive picture is complete after its first scan if the end marker follows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void progressivePictureWithoutDetailButWithEndMarkerIsAccepted(int scans) throws Exception {
        assertQuarters(Pictures.concat(afterScan(Pictures.progressiveJpeg(200, 120), scans), END));
    }

    private static byte[] components() {
        BufferedImage image = Pictures.quarters(200, 120, BufferedImage.TYPE_INT_RGB);
        return ConformanceJpeg.write(image, ConformanceJpeg.Color.YCC, 1, 1, 0, true);
    }

    private static byte[] afterScan(byte[] jpeg, int scans) {
        List<Integer> ends = new ArrayList<>();
        boolean inScan = false;
        for (int i = 2; i < jpeg.length - 1; i++) {
            int marker = jpeg[i] == -1 ? jpeg[i + 1] & 0xFF : 0;
            if (marker == 0) {
                continue;
            }
            if (inScan) {
                ends.add(i);
            }
            inScan = marker == 0xDA;
            if (marker != 0xD9) {
                i += 1 + ((jpeg[i + 2] & 0xFF) << 8 | jpeg[i + 3] & 0xFF);
            }
        }
        return Arrays.copyOf(jpeg, ends.get(scans - 1));
    }

    private void assertQuarters(byte[] jpeg) throws Exception {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            BufferedImage image =
                    Pictures.decode(thumbnailer(nativeCodec).thumbnail(jpeg).bytes());

            for (int i = 0; i < 4; i++) {
                int rgb = Pictures.quarter(image, i).getRGB();
                int expected = Pictures.QUARTERS[i].getRGB();
                for (int shift = 0; shift < 24; shift += 8) {
                    assertThat(rgb >> shift & 0xFF)
                            .isBetween((expected >> shift & 0xFF) - 10, (expected >> shift & 0xFF) + 10);
                }
            }
        }
    }

    private void assertCorrupt(byte[] jpeg, String message) {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            assertThatExceptionOfType(UnusableImageException.class)
                    .isThrownBy(() -> thumbnailer(nativeCodec).thumbnail(jpeg))
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CorruptImage));
        }
    }

    private SingleThumbnailer thumbnailer(boolean nativeCodec) {
        return new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")),
                0.9,
                nativeCodec,
                new ImageLimits(1_000_000, Budgets.both(100_000_000), Duration.ofSeconds(30)),
                hanging);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.camelthumbnails.image.CodecSamples.Sample;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs codecs on their example files, for {@link CodecContractTest}. */
abstract class CodecContract {

    static final Scale HALF = new Scale(new BigDecimal("0.5"));
    static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);
    static final int MAX_PIXELS = 1_000_000;

    /** Tolerance for a colour sample after lossy compression. */
    private static final int TOLERANCE = 8;

    final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);

    /** A test that is run with the samples of each codec. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest(name = "{0}")
    @MethodSource("available")
    @interface EachCodec {}

    /** Returns example files of a feature that not all formats have. */
    interface Feature {
        List<Sample> of(CodecSamples samples);
    }

    /** A check of one sample file. */
    interface Check {
        void run(CodecSamples samples, Sample sample) throws Exception;
    }

    static Stream<CodecSamples> all() {
        return CodecSamples.all();
    }

    /** Returns the samples of the codecs that can be tested. */
    static Stream<CodecSamples> available() {
        return all().filter(CodecContract::isAvailable);
    }

    /**
     * Returns whether the native library that a codec needs is installed. Always true in CI, so that its tests fail if
     * not.
     */
    static boolean isAvailable(CodecSamples samples) {
        return samples.missingLibrary().isEmpty() || "true".equals(System.getenv("CI"));
    }

    /**
     * Returns a test for each sample file of each codec. For a format without the feature, the name of the only test
     * says so.
     */
    static Stream<DynamicTest> eachFile(String name, Feature feature, Check check) {
        return available().flatMap(samples -> {
            List<Sample> files = feature.of(samples);
            return files.isEmpty()
                    ? Stream.of(dynamicTest(samples + ": the format has no " + name, () -> {}))
                    : files.stream()
                            .map(file -> dynamicTest(samples + ": " + file.name(), () -> check.run(samples, file)));
        });
    }

    static ImageHeader header(CodecSamples samples, byte[] file) throws IOException {
        return samples.codec().header(file, MAX_PIXELS, () -> false);
    }

    static Codec.Options options(boolean nativeCodec) {
        return new Codec.Options(nativeCodec);
    }

    SingleThumbnailer thumbnailer(Scale scale, boolean nativeCodec) {
        return thumbnailer(scale, nativeCodec, MAX_PIXELS, Budgets.UNLIMITED, LONG_TIMEOUT);
    }

    SingleThumbnailer thumbnailer(Scale scale, boolean nativeCodec, long maxPixels, Memory memory, Duration cpuTime) {
        ImageLimits limits = new ImageLimits(maxPixels, memory, cpuTime, Duration.ofMinutes(1));
        return new SingleThumbnailer(scale, 0.9, nativeCodec, limits, hanging);
    }

    /** Checks that thumbnail and original look alike in a program that applies colour profiles. */
    void assertLooksLike(Sample sample, Conformance.Tolerance tolerance) throws Exception {
        for (boolean nativeCodec : new boolean[] {true, false}) {
            byte[] thumbnail =
                    thumbnailer(HALF, nativeCodec).thumbnail(sample.file()).bytes();

            BufferedImage expected = Reference.half(sample.upright());
            BufferedImage actual = ConformanceColors.decodeToSrgb(thumbnail);
            assertThat(actual.getWidth()).isEqualTo(expected.getWidth());
            assertThat(actual.getHeight()).isEqualTo(expected.getHeight());
            tolerance.check(sample.name(), actual, expected);
        }
    }

    void assertCorrupt(byte[] file, boolean nativeCodec) {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(HALF, nativeCodec).thumbnail(file))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CorruptImage));
    }

    static void assertSimilar(Color actual, Color expected) {
        assertThat(actual.getRed()).as("red").isBetween(expected.getRed() - TOLERANCE, expected.getRed() + TOLERANCE);
        assertThat(actual.getGreen())
                .as("green")
                .isBetween(expected.getGreen() - TOLERANCE, expected.getGreen() + TOLERANCE);
        assertThat(actual.getBlue())
                .as("blue")
                .isBetween(expected.getBlue() - TOLERANCE, expected.getBlue() + TOLERANCE);
    }
}

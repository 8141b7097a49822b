// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.camelthumbnails.image.CodecSamples.Sample;
import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.limits.Deadline;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import net.coobird.thumbnailator.util.exif.Orientation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every codec in {@link Codecs} promises. A new codec needs example files in {@link CodecSamples}, nothing here. */
@ParameterizedClass(name = "{0}")
@MethodSource("codecs")
@Timeout(120)
class CodecContractTest extends CodecContract {

    private static final int DAMAGED_FILES = 100;

    @Test
    void recognizesItsOwnFilesByTwelveBytes() {
        for (byte[] file : samples.sound()) {
            assertThat(samples.codec().recognizes(file)).isTrue();
            assertThat(samples.codec().recognizes(Arrays.copyOf(file, 12))).isTrue();
            assertThat(Codecs.of(file)).contains(samples.codec());
        }
    }

    @Test
    void recognizesNoOtherFiles() {
        for (CodecSamples other : CodecSamples.all().toList()) {
            assertThat(samples.codec().recognizes(other.picture().file()))
                    .as("%s", other)
                    .isEqualTo(other.codec() == samples.codec());
        }
        assertThat(samples.codec().recognizes(new byte[0])).isFalse();
        assertThat(samples.codec().recognizes(new byte[100])).isFalse();
    }

    @ParameterizedTest(name = "with native code: {0}")
    @ValueSource(booleans = {true, false})
    void thumbnailShowsThePictureInTheFormatThatTheCodecSays(boolean nativeCodec) throws Exception {
        Sample picture = samples.picture();

        Thumbnail thumbnail = thumbnailer(HALF, nativeCodec).thumbnail(picture.file());

        assertThat(thumbnail.format()).isEqualTo(samples.codec().output(header(picture.file())));
        assertThat(ImageFormat.of(thumbnail.bytes())).contains(thumbnail.format());
        assertThat(thumbnail.contentType()).isEqualTo(thumbnail.format().contentType());
        BufferedImage image = Pictures.decode(thumbnail.bytes());
        assertThat(image.getWidth()).isEqualTo(thumbnail.width()).isEqualTo(60);
        assertThat(image.getHeight()).isEqualTo(thumbnail.height()).isEqualTo(40);
        for (int i = 0; i < 4; i++) {
            assertSimilar(Pictures.quarter(image, i), Pictures.quarter(picture.upright(), i));
        }
    }

    @ParameterizedTest(name = "{0} of {1} x {2}")
    @CsvSource({
        "0.5, 1, 1", "0.5, 1, 2", "0.5, 1, 13", "0.5, 17, 1", "0.5, 2, 2", "0.5, 3, 5", "0.5, 7, 4",
        "0.5, 31, 29", "0.5, 101, 67", "0.29, 100, 50", "0.1, 7, 3", "0.33, 13, 11", "1, 1, 1", "1, 31, 17"
    })
    void sidesAreScaledAndRoundedDown(BigDecimal scale, int width, int height) throws Exception {
        byte[] file = samples.sized(width, height);

        for (boolean nativeCodec : new boolean[] {true, false}) {
            Thumbnail thumbnail = thumbnailer(new Scale(scale), nativeCodec).thumbnail(file);

            BufferedImage image = Pictures.decode(thumbnail.bytes());
            int expectedWidth =
                    Math.max(1, scale.multiply(BigDecimal.valueOf(width)).intValue());
            int expectedHeight =
                    Math.max(1, scale.multiply(BigDecimal.valueOf(height)).intValue());
            assertThat(image.getWidth()).isEqualTo(expectedWidth).isEqualTo(thumbnail.width());
            assertThat(image.getHeight()).isEqualTo(expectedHeight).isEqualTo(thumbnail.height());
        }
    }

    @TestFactory
    Stream<DynamicTest> pictureIsTurnedUpright() {
        return each(samples.turned(), "orientation", sample -> {
            looksLike(sample, Conformance.Tolerance.COLORS);
            Thumbnail thumbnail = Conformance.THUMBNAILER.thumbnail(sample.file());
            ImageHeader header = thumbnail.format().codec().header(thumbnail.bytes(), MAX_PIXELS, () -> false);
            assertThat(header.orientation()).as("is not turned again").isEqualTo(Orientation.TOP_LEFT);
        });
    }

    @TestFactory
    Stream<DynamicTest> coloursOfAProfileAreKept() {
        return each(samples.profiles(), "profile", sample -> looksLike(sample, Conformance.Tolerance.COLORS));
    }

    @TestFactory
    Stream<DynamicTest> metadataIsNotInTheThumbnail() {
        return samples.secrets().entrySet().stream()
                .map(secret -> dynamicTest(secret.getKey(), () -> {
                    String thumbnail = Conformance.text(
                            Conformance.THUMBNAILER.thumbnail(secret.getValue()).bytes());
                    assertThat(thumbnail)
                            .doesNotContain(SecretPictures.SECRET, "Exif\0", "eXIf", "EXIF", "xmp", "XMP")
                            .doesNotContain("tEXt", "zTXt", "iTXt", "tIME");
                    assertThat(thumbnail.indexOf("\u00FF\u00D8\u00FF", 2))
                            .as("a JPEG inside")
                            .isEqualTo(-1);
                }));
    }

    @Test
    void pixelsAreLimitedToTheLastOne() throws Exception {
        byte[] file = samples.picture().file();

        assertThat(thumbnailer(HALF, true, 120 * 80, Long.MAX_VALUE, LONG)
                        .thumbnail(file)
                        .width())
                .isEqualTo(60);
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(HALF, true, 120 * 80 - 1, Long.MAX_VALUE, LONG)
                        .thumbnail(file))
                .withMessageMatching("(?i).*at most 9599 .*")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyPixels));
    }

    @Test
    void memoryIsLimitedToWhatTheHeaderAsksFor() throws Exception {
        byte[] file = samples.picture().file();
        long need = header(file).memory(HALF);

        assertThat(need).as("at least the thumbnail's bytes").isGreaterThan(60 * 40);
        assertThat(thumbnailer(HALF, false, MAX_PIXELS, need, LONG)
                        .thumbnail(file)
                        .width())
                .isEqualTo(60);
        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> thumbnailer(HALF, false, MAX_PIXELS, need * 9 / 10, LONG)
                        .thumbnail(file))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.NotEnoughMemory));
    }

    /** The decodes would go on for ever if the codec did not look whether it is to give up. */
    @ParameterizedTest(name = "with native code: {0}")
    @ValueSource(booleans = {true, false})
    void decodesThatTakeTooLongGiveUp(boolean nativeCodec) {
        byte[] file = samples.picture().file();
        Deadline deadline = new Deadline(Duration.ofMillis(20), Duration.ofMinutes(1), hanging);

        assertThatThrownBy(() -> deadline.run(cancelled -> {
                    while (true) {
                        try (FrameReader reader = samples.codec().open(file, options(nativeCodec), cancelled)) {
                            reader.next();
                        }
                    }
                }))
                .isInstanceOf(TimeoutException.class);

        Awaitility.await("they end").until(() -> hanging.count() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0A", "0D0A", "EFBBBF", "EFBBBF0D0A"})
    void blanksBeforeThePictureAreSkipped(String blanks) throws Exception {
        byte[] file = Pictures.concat(
                HexFormat.of().parseHex(blanks), samples.picture().file());

        assertThat(thumbnailer(HALF, true).thumbnail(file).width()).isEqualTo(60);
    }

    @Test
    void halfAFileIsCorrupt() {
        byte[] file = samples.picture().file();

        for (boolean nativeCodec : new boolean[] {true, false}) {
            assertCorrupt(Arrays.copyOf(file, file.length / 2), nativeCodec);
            assertCorrupt(Arrays.copyOf(file, 12), nativeCodec);
        }
    }

    @TestFactory
    Stream<DynamicTest> damagedFileEndsInAThumbnailOrAPermanentFailure() {
        return Arrays.stream(Damage.values())
                .map(damage -> dynamicTest(damage.name(), () -> {
                    Random random = new Random(damage.ordinal());
                    List<byte[]> sound = samples.sound();
                    for (int i = 0; i < DAMAGED_FILES; i++) {
                        byte[] file = damage.apply(sound.get(i % sound.size()).clone(), random);
                        if (random.nextBoolean()) {
                            samples.mend(file);
                        }
                        try {
                            thumbnailer(HALF, i % 2 == 0).thumbnail(file);
                        } catch (UnusableImageException e) {
                            assertThat(e.reason()).as("file %d", i).isNotEqualTo(Reason.Timeout);
                        } catch (Exception | Error e) {
                            throw new AssertionError(
                                    "file " + i + ": " + HexFormat.of().formatHex(file), e);
                        }
                    }
                }));
    }
}

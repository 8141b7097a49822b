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
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import net.coobird.thumbnailator.util.exif.Orientation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests what every codec in {@link Codecs} must do. For a new codec, add sample files to {@link CodecSamples} only. */
@Timeout(120)
class CodecContractTest extends CodecContract {

    private static final int DAMAGED_FILES = 100;

    private static final int[][] ODD_SIZES = {
        {1, 1}, {1, 2}, {2, 1}, {1, 13}, {17, 1}, {2, 2}, {3, 5}, {7, 4}, {31, 29}, {101, 67}, {100, 50}
    };

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void libraryIsInstalled(CodecSamples samples) {
        Assumptions.assumeTrue(isAvailable(samples), samples.missingLibrary() + " is not installed");

        assertThat(samples.missingLibrary()).isEmpty();
    }

    @EachCodec
    void recognizesItsOwnFilesByTheirFirstTwelveBytes(CodecSamples samples) {
        for (byte[] file : samples.validFiles()) {
            assertThat(samples.codec().recognizes(file)).isTrue();
            assertThat(samples.codec().recognizes(Arrays.copyOf(file, 12))).isTrue();
            assertThat(Codecs.STANDARD.find(file)).contains(samples.codec());
        }
    }

    @EachCodec
    void doesNotRecognizeOtherFormats(CodecSamples samples) {
        for (CodecSamples other : CodecSamples.all().toList()) {
            assertThat(samples.codec().recognizes(other.picture().file()))
                    .as("%s", other)
                    .isEqualTo(other.codec() == samples.codec());
        }
        assertThat(samples.codec().recognizes(new byte[0])).isFalse();
        assertThat(samples.codec().recognizes(new byte[100])).isFalse();
    }

    @EachCodec
    void thumbnailShowsThePictureInTheOutputFormatOfTheCodec(CodecSamples samples) throws Exception {
        Sample picture = samples.picture();
        for (boolean nativeCodec : new boolean[] {true, false}) {
            Thumbnail thumbnail = thumbnailer(HALF, nativeCodec).thumbnail(picture.file());

            assertThat(thumbnail.format()).isEqualTo(samples.codec().thumbnailFormat(header(samples, picture.file())));
            assertThat(Pictures.format(thumbnail.bytes())).contains(thumbnail.format());
            assertThat(thumbnail.contentType()).isEqualTo(thumbnail.format().contentType());
            BufferedImage image = Pictures.decode(thumbnail.bytes());
            assertThat(image.getWidth()).isEqualTo(thumbnail.width()).isEqualTo(60);
            assertThat(image.getHeight()).isEqualTo(thumbnail.height()).isEqualTo(40);
            for (int i = 0; i < 4; i++) {
                assertSimilar(Pictures.quarter(image, i), Pictures.quarter(picture.upright(), i));
            }
        }
    }

    @EachCodec
    void oddSidesAreScaledAndRoundedDown(CodecSamples samples) throws Exception {
        for (String scale : new String[] {"0.5", "0.29", "1"}) {
            for (int[] size : ODD_SIZES) {
                byte[] file = samples.sized(size[0], size[1]);
                for (boolean nativeCodec : new boolean[] {true, false}) {
                    Thumbnail thumbnail = thumbnailer(new Scale(new BigDecimal(scale)), nativeCodec)
                            .thumbnail(file);

                    String name = scale + " of " + size[0] + " x " + size[1];
                    BufferedImage image = Pictures.decode(thumbnail.bytes());
                    assertThat(image.getWidth())
                            .as(name)
                            .isEqualTo(scaleAndRoundDown(size[0], scale))
                            .isEqualTo(thumbnail.width());
                    assertThat(image.getHeight())
                            .as(name)
                            .isEqualTo(scaleAndRoundDown(size[1], scale))
                            .isEqualTo(thumbnail.height());
                }
            }
        }
    }

    private static int scaleAndRoundDown(int side, String scale) {
        return Math.max(
                1, new BigDecimal(scale).multiply(BigDecimal.valueOf(side)).intValue());
    }

    @TestFactory
    Stream<DynamicTest> pictureIsTurnedUpright() {
        return eachFile("orientation", CodecSamples::turned, (samples, sample) -> {
            assertLooksLike(sample, Conformance.Tolerance.COLORS);
            Thumbnail thumbnail = Conformance.THUMBNAILER.thumbnail(sample.file());
            ImageHeader header = Codecs.STANDARD
                    .find(thumbnail.bytes())
                    .orElseThrow()
                    .header(thumbnail.bytes(), MAX_PIXELS, () -> false);
            assertThat(header.orientation()).as("orientation of the thumbnail").isEqualTo(Orientation.TOP_LEFT);
        });
    }

    @TestFactory
    Stream<DynamicTest> coloursOfAProfileAreKept() {
        return eachFile(
                "profile",
                CodecSamples::profiles,
                (samples, sample) -> assertLooksLike(sample, Conformance.Tolerance.COLORS));
    }

    @TestFactory
    Stream<DynamicTest> metadataIsNotInTheThumbnail() {
        return eachFile("metadata", CodecSamples::secrets, (samples, sample) -> {
            String thumbnail = Conformance.text(
                    thumbnailer(HALF, true).thumbnail(sample.file()).bytes());

            assertThat(thumbnail)
                    .doesNotContain(SecretPictures.SECRET, "Exif\0", "eXIf", "EXIF", "xmp", "XMP")
                    .doesNotContain("tEXt", "zTXt", "iTXt", "tIME");
            assertThat(thumbnail.indexOf("\u00FF\u00D8\u00FF", 2))
                    .as("a JPEG inside")
                    .isEqualTo(-1);
        });
    }

    @EachCodec
    void pixelLimitIsExact(CodecSamples samples) throws Exception {
        byte[] file = samples.picture().file();

        assertThat(thumbnailer(HALF, true, 120 * 80, Budgets.UNLIMITED, LONG_TIMEOUT)
                        .thumbnail(file)
                        .width())
                .isEqualTo(60);
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(HALF, true, 120 * 80 - 1, Budgets.UNLIMITED, LONG_TIMEOUT)
                        .thumbnail(file))
                .withMessageMatching("(?i).*at most 9599 .*")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyPixels));
    }

    @EachCodec
    void memoryEstimateIsEnforced(CodecSamples samples) throws Exception {
        byte[] file = samples.picture().file();
        ImageHeader header = header(samples, file);
        RenditionMaker maker =
                new RenditionMaker(file, samples.codec(), header, List.of(new Preset("half", HALF)), options(false));
        Optional<Codec.Shortcut> shortcut = samples.codec().shortcut(file, header, maker.targets(), options(false));
        Memory need = shortcut.isPresent() ? maker.memory(shortcut.get()) : maker.memory();

        assertThat(need.heap()).as("at least the thumbnail's bytes").isGreaterThan(60 * 40);
        assertThat(thumbnailer(HALF, false, MAX_PIXELS, need, LONG_TIMEOUT)
                        .thumbnail(file)
                        .width())
                .isEqualTo(60);
        assertNotEnough(file, new Memory(need.heap() * 9 / 10, need.outside()));
        if (need.outside() > 0) {
            assertNotEnough(file, new Memory(need.heap(), need.outside() * 9 / 10));
        }
    }

    private void assertNotEnough(byte[] file, Memory budget) {
        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> thumbnailer(HALF, false, MAX_PIXELS, budget, LONG_TIMEOUT)
                        .thumbnail(file))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.NotEnoughMemory));
    }

    /** The decodes would never end if the codec did not check for cancellation. */
    @EachCodec
    void decodesStopWhenCancelled(CodecSamples samples) {
        byte[] file = samples.picture().file();
        for (boolean nativeCodec : new boolean[] {true, false}) {
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
    }

    @EachCodec
    void whitespaceBeforeThePictureIsSkipped(CodecSamples samples) throws Exception {
        for (String blanks : new String[] {"0A", "0D0A", "EFBBBF", "EFBBBF0D0A"}) {
            byte[] file = Pictures.concat(
                    HexFormat.of().parseHex(blanks), samples.picture().file());

            assertThat(thumbnailer(HALF, true).thumbnail(file).width()).isEqualTo(60);
        }
    }

    @EachCodec
    void truncatedFileIsCorrupt(CodecSamples samples) {
        byte[] file = samples.picture().file();

        for (boolean nativeCodec : new boolean[] {true, false}) {
            assertCorrupt(Arrays.copyOf(file, file.length / 2), nativeCodec);
            assertCorrupt(Arrays.copyOf(file, 12), nativeCodec);
        }
    }

    @TestFactory
    Stream<DynamicTest> damagedFilesEndInThumbnailsOrPermanentFailures() {
        return available()
                .flatMap(samples -> Arrays.stream(Damage.values())
                        .map(damage ->
                                dynamicTest(samples + ": " + damage, () -> decodeDamagedFiles(samples, damage))));
    }

    private void decodeDamagedFiles(CodecSamples samples, Damage damage) {
        Random random = new Random(damage.ordinal());
        List<byte[]> valid = samples.validFiles();
        for (int i = 0; i < DAMAGED_FILES; i++) {
            byte[] file = damage.apply(valid.get(i % valid.size()).clone(), random);
            if (random.nextBoolean()) {
                samples.fixChecksums(file);
            }
            try {
                thumbnailer(HALF, random.nextBoolean()).thumbnail(file);
            } catch (UnusableImageException e) {
                assertThat(e.reason()).as("file %d", i).isNotEqualTo(Reason.Timeout);
            } catch (Exception | Error e) {
                throw new AssertionError("file " + i + ": " + HexFormat.of().formatHex(file), e);
            }
        }
    }
}

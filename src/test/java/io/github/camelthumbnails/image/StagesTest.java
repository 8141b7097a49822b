// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stages that are reported for metrics and traces. */
class StagesTest {

    private static final Preset HALF = new Preset("thumbnail", new Scale(new BigDecimal("0.5")));
    private static final Preset CARD =
            new Preset("card", new Box(80, 80, false), Optional.of(ImageFormat.WEBP), 0.8, Color.WHITE);

    private final List<Stage> stages = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private List<Thumbnail> renditions = List.of();

    @Test
    void jpegIsDecodedAndEncodedByLibjpegTurbo() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.JPEG, 400, 200);
        InstalledLibraries.require("libjpeg-turbo");

        make(original, true, HALF, CARD);

        assertThat(stages).hasSize(3);
        assertStage(stages.get(0), Stage.Kind.DECODE, "jpeg", "libjpeg-turbo", 400 * 200, original.length);
        assertStage(stages.get(1), Stage.Kind.ENCODE, "jpeg", "libjpeg-turbo", 200 * 100, bytes(0));
        assertStage(stages.get(2), Stage.Kind.ENCODE, "webp", "libwebp", 80 * 40, bytes(1));
    }

    /** Its samples cannot be encoded as they are, so it is decoded to an image of half the size. */
    @ParameterizedTest
    @EnumSource(
            value = ConformanceJpeg.Color.class,
            names = {"RGB", "RGB_BY_ID", "YCC", "GREY"})
    void jpegOfAnyColoursIsDecodedByLibjpegTurbo(ConformanceJpeg.Color color) throws Exception {
        byte[] original = ConformanceJpeg.write(new BufferedImage(400, 200, BufferedImage.TYPE_INT_RGB), color);
        InstalledLibraries.require("libjpeg-turbo");

        make(original, true, HALF);

        assertThat(stages).extracting(Stage::codec).containsExactly("libjpeg-turbo", "libjpeg-turbo");
    }

    @ParameterizedTest
    @EnumSource(
            value = ImageFormat.class,
            names = {"JPEG", "PNG", "BMP", "TIFF"})
    void javaCodecsAreNamed(ImageFormat format) throws Exception {
        byte[] original = Pictures.quarters(format, 40, 20);

        make(original, false, HALF);

        String codec = format == ImageFormat.PNG ? "java" : "imageio";
        String name = format.name().toLowerCase(Locale.ROOT);
        assertThat(stages).hasSize(2);
        assertStage(stages.get(0), Stage.Kind.DECODE, name, codec, 40 * 20, original.length);
        assertStage(stages.get(1), Stage.Kind.ENCODE, name, codec, 20 * 10, bytes(0));
    }

    @Test
    void pngIsDecodedAndEncodedWithLibdeflate() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.PNG, 40, 20);
        InstalledLibraries.require("libdeflate");

        make(original, true, HALF);

        assertThat(stages).extracting(Stage::codec).containsExactly("libdeflate", "libdeflate");
    }

    @Test
    void webpIsDecodedAndEncodedByLibwebp() throws Exception {
        byte[] original = Pictures.quarters(ImageFormat.WEBP, 40, 20);

        make(original, true, HALF);

        assertThat(stages).hasSize(2);
        assertStage(stages.get(0), Stage.Kind.DECODE, "webp", "libwebp", 40 * 20, original.length);
        assertStage(stages.get(1), Stage.Kind.ENCODE, "webp", "libwebp", 20 * 10, bytes(0));
    }

    @Test
    void animationIsOneStageOfAllItsFrames() throws Exception {
        byte[] original = Pictures.frames(ImageFormat.GIF, 40, 20, 5);

        make(original, true, HALF);

        assertThat(stages).hasSize(2);
        assertStage(stages.get(0), Stage.Kind.DECODE, "gif", "java", 5 * 40 * 20, original.length);
        assertStage(stages.get(1), Stage.Kind.ENCODE, "gif", "java", 5 * 20 * 10, bytes(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = ImageFormat.class,
            names = {"JPEG", "PNG"})
    void decodeOfBrokenPictureFails(ImageFormat format) {
        byte[] picture = Pictures.noise(format, 400, 200);
        byte[] truncated = Arrays.copyOf(picture, picture.length / 2);

        assertThatExceptionOfType(UnusableImageException.class).isThrownBy(() -> make(truncated, true, HALF));

        assertThat(stages).singleElement().satisfies(stage -> {
            assertThat(stage.kind()).isEqualTo(Stage.Kind.DECODE);
            assertThat(stage.format()).isEqualTo(format.name().toLowerCase(Locale.ROOT));
            assertThat(stage.failed()).isTrue();
        });
    }

    @Test
    void nothingIsReportedOfWhatIsNoPicture() {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> make(Pictures.ascii("This is no picture."), true, HALF));

        assertThat(stages).isEmpty();
    }

    @Test
    void stagesAreReportedInTheCallersThread() throws Exception {
        make(Pictures.quarters(ImageFormat.PNG, 40, 20), true, HALF, CARD);

        assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
    }

    /** The time between the steps, in which pictures are resized, does not count. */
    @Test
    void onlyTheStepsAreMeasured() throws Exception {
        Stopwatch stopwatch = new Stopwatch(Stage.Kind.DECODE, "PNG", 10);

        stopwatch.time("java", () -> 1);
        pass(Duration.ofMillis(50));
        stopwatch.time("java", () -> pass(Duration.ofMillis(10)));
        stopwatch.finish(20);

        Stage stage = stopwatch.stage().orElseThrow();
        assertThat(stage.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
        assertThat(Duration.between(stage.start(), Instant.now()))
                .isGreaterThan(stage.duration().plusMillis(45));
    }

    @Test
    void encodeFails() {
        Stopwatch stopwatch = new Stopwatch(Stage.Kind.ENCODE, "PNG", 10);
        FrameWriter writer = stopwatch.measure("java", FrameWriter.still((image, profile) -> {
            throw new IOException("full");
        }));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> writer.finish(1, Optional.empty()));

        assertThat(stopwatch.stage().orElseThrow().failed()).isTrue();
    }

    @Test
    void stageThatStillRunsHasFailed() throws Exception {
        Stopwatch stopwatch = new Stopwatch(Stage.Kind.DECODE, "PNG", 10);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread decode = new Thread(() -> {
            try {
                stopwatch.time("java", () -> {
                    began.countDown();
                    return awaitUninterruptibly(end);
                });
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        decode.start();
        began.await();

        assertThat(stopwatch.stage().orElseThrow().failed()).isTrue();
        assertThat(stopwatch.stage().orElseThrow().duration()).isPositive();

        end.countDown();
        decode.join();
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static long pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return end;
    }

    private void make(byte[] original, boolean nativeCodec, Preset... presets) throws Exception {
        renditions = thumbnailer(nativeCodec, presets).renditions(original);
    }

    private Thumbnailer thumbnailer(boolean nativeCodec, Preset... presets) {
        return new Thumbnailer(
                List.of(presets),
                new Codec.Options(nativeCodec),
                new ImageLimits(50_000_000, Budgets.both(1L << 30), Duration.ofSeconds(60)),
                new HangingDecodes(Duration.ofSeconds(1)),
                stage -> {
                    stages.add(stage);
                    threads.add(Thread.currentThread());
                });
    }

    private long bytes(int rendition) {
        return renditions.get(rendition).bytes().length;
    }

    private static void assertStage(
            Stage stage, Stage.Kind kind, String format, String codec, long pixels, long bytes) {
        assertThat(stage.kind()).isEqualTo(kind);
        assertThat(stage.format()).isEqualTo(format);
        assertThat(stage.codec()).isEqualTo(codec);
        assertThat(stage.pixels()).isEqualTo(pixels);
        assertThat(stage.bytes()).isEqualTo(bytes);
        assertThat(stage.start()).isBeforeOrEqualTo(Instant.now());
        assertThat(stage.duration()).isPositive();
        assertThat(stage.failed()).isFalse();
    }
}

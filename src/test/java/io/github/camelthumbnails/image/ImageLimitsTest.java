// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.imageio.ByteArrayImageInputStream;
import io.github.camelthumbnails.image.limits.Deadline;
import io.github.camelthumbnails.image.limits.DecodeMemory;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.imageio.ImageWriteParam;
import org.apache.camel.health.HealthCheck;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the limits on pixels, memory and time, for one picture and for all decodes together. */
@Timeout(60)
class ImageLimitsTest {

    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);

    private final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);

    @Test
    void framesOfAnAnimationMayHaveTenTimesThePixelLimitInTotal() throws Exception {
        byte[] original = Pictures.frames(ImageFormat.GIF, 30, 20, 20);

        assertThat(thumbnailer(2 * 600, Long.MAX_VALUE, LONG_TIMEOUT)
                        .thumbnail(original)
                        .width())
                .isEqualTo(15);
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() ->
                        thumbnailer(2 * 600 - 1, Long.MAX_VALUE, LONG_TIMEOUT).thumbnail(original))
                .withMessageContaining("30 x 20 pixels in 20 frames");
    }

    @Test
    void onlyTheFirstPageOfATiffCounts() throws Exception {
        byte[] original = Pictures.frames(ImageFormat.TIFF, 30, 20, 10);

        assertThat(thumbnailer(600, Long.MAX_VALUE, LONG_TIMEOUT)
                        .thumbnail(original)
                        .width())
                .isEqualTo(15);
    }

    @Test
    void declaredSizeIsCheckedBeforeAnythingIsDecoded() {
        byte[] png = Pictures.quarters(ImageFormat.PNG, 10, 10);
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000); // in the header, whose checksum is not verified

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() ->
                        thumbnailer(50_000_000, Long.MAX_VALUE, LONG_TIMEOUT).thumbnail(png))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyPixels));
    }

    @Test
    void pictureAboveTheMemoryBudgetIsAWorkerLimit() {
        byte[] original = Pictures.quarters(ImageFormat.PNG, 1000, 600);

        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> thumbnailer(600_000, 2_000_000, LONG_TIMEOUT).thumbnail(original))
                .withMessageMatching("The picture needs \\d+ MB of heap to be decoded; this worker's budget is 2 MB "
                        + "\\(image.memoryPercent of the heap\\)\\. "
                        + "Give the worker more heap \\(-XX:MaxRAMPercentage or -Xmx\\).*")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.NotEnoughMemory));
    }

    @Test
    void messageSaysWhichMemoryIsLacking() {
        assertThat(lacking(new Memory(5_000_001, 2_000_000)))
                .isEqualTo(
                        "The picture needs 6 MB of heap to be decoded; this worker's budget is 5 MB"
                                + " (image.memoryPercent of the heap). Give the worker more heap (-XX:MaxRAMPercentage or -Xmx)");
        assertThat(lacking(new Memory(5_000_000, 2_000_001)))
                .isEqualTo("The picture needs 3 MB outside the heap to be decoded; this worker's budget is 2 MB"
                        + " (what its memory leaves beside the heap and the JVM)."
                        + " Give the worker more memory, or less heap");
        assertThat(lacking(new Memory(5_000_001, 2_000_001)))
                .contains("6 MB of heap", "or -Xmx). The picture needs 3 MB outside the heap");
    }

    private String lacking(Memory need) {
        ImageLimits limits = new ImageLimits(1, new Memory(5_000_000, 2_000_000), LONG_TIMEOUT);
        Thumbnailer thumbnailer = new Thumbnailer(List.of(), new Codec.Options(true), limits, hanging);
        Deadline deadline = new Deadline(LONG_TIMEOUT, LONG_TIMEOUT, hanging);
        return Assertions.catchThrowableOfType(
                        WorkerLimitException.class, () -> thumbnailer.runWithMemory(need, deadline, cancelled -> null))
                .getMessage();
    }

    /** Its samples stay outside the heap. Those that are turned upright do not. */
    @Test
    void halvedJpegNeedsHeapOnlyForItsFile() throws Exception {
        InstalledLibraries.require("libjpeg-turbo");
        byte[] jpeg = Pictures.quarters(ImageFormat.JPEG, 1000, 1000);
        ImageLimits limits = new ImageLimits(1_000_000, new Memory(3 * 500 * 500, 20_000_000), LONG_TIMEOUT);
        SingleThumbnailer thumbnailer =
                new SingleThumbnailer(new Scale(new BigDecimal("0.5")), 0.8, true, limits, hanging);

        assertThat(thumbnailer.thumbnail(jpeg).width()).isEqualTo(500);
        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> thumbnailer.thumbnail(Pictures.withOrientation(jpeg, ImageFormat.JPEG, 6)))
                .withMessageContaining("MB of heap");
    }

    /** A noisy animation compresses to more than a byte per pixel, and three copies of the file are in memory. */
    @Test
    void memoryOfAWrittenAnimationIsThatOfNoise() {
        Dimension size = new Dimension(100, 100);
        ImageHeader.Traits animation = new ImageHeader.Traits(true, false, false, false);
        OutputCodec webp = ImageFormat.WEBP.codec();

        Memory first = webp.memory(size, 1, animation);
        Memory more = webp.memory(size, 101, animation);

        assertThat(more.heap() - first.heap())
                .isGreaterThan(2 * 1_170_000); // per megapixel, measured at a quality of 0.8
        assertThat(more.outside() - first.outside()).isGreaterThan(2 * 1_170_000);
    }

    @Test
    void decodesWaitForMemory() throws Exception {
        DecodeMemory memory = new DecodeMemory(Budgets.both(10_000_000));
        Runnable release =
                memory.acquire(Memory.onHeap(6_000_000), LONG_TIMEOUT).orElseThrow();
        CompletableFuture<Optional<Runnable>> second = CompletableFuture.supplyAsync(() -> acquire(memory, 6_000_000));

        assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        release.run();

        assertThat(second.get(10, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void waitForMemoryTimesOut() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ImageLimits limits = new ImageLimits(10_000, Budgets.both(300_000), LONG_TIMEOUT, Duration.ofMillis(100));
        Thumbnailer thumbnailer = new Thumbnailer(List.of(), new Codec.Options(true), limits, hanging);
        Deadline deadline = new Deadline(LONG_TIMEOUT, LONG_TIMEOUT, hanging);
        FutureTask<Boolean> other =
                new FutureTask<>(() -> thumbnailer.runWithMemory(Memory.onHeap(200_000), deadline, cancelled -> {
                    begun.countDown();
                    return end.await(60, TimeUnit.SECONDS);
                }));
        new Thread(other).start();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> thumbnailer.runWithMemory(Memory.onHeap(200_000), deadline, cancelled -> null))
                .withMessageContaining("which other decodes did not release")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.WorkerOverloaded));

        end.countDown();
        assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(thumbnailer.<String>runWithMemory(Memory.onHeap(200_000), deadline, cancelled -> "done"))
                .isEqualTo("done");
    }

    @Test
    void memoryIsReleasedAfterSuccessAndFailure() throws Exception {
        SingleThumbnailer thumbnailer = thumbnailer(1_000_000, 150_000, LONG_TIMEOUT);
        byte[] good = Pictures.quarters(ImageFormat.PNG, 100, 100);
        byte[] bad = java.util.Arrays.copyOf(good, good.length - 30);
        for (int i = 0; i < 20; i++) {
            assertThat(thumbnailer.thumbnail(good).width()).isEqualTo(50);
            assertThatThrownBy(() -> thumbnailer.thumbnail(bad)).isInstanceOf(UnusableImageException.class);
        }
    }

    @Test
    void decodeThatTakesTooLongIsAbandoned() {
        byte[] large = Pictures.quarters(ImageFormat.PNG, 5000, 4000);

        // The wall-clock limit must not be reached first, however busy the machine is.
        ImageLimits limits = new ImageLimits(50_000_000, Budgets.UNLIMITED, Duration.ofMillis(5), LONG_TIMEOUT);
        SingleThumbnailer thumbnailer =
                new SingleThumbnailer(new Scale(new BigDecimal("0.5")), 0.8, true, limits, hanging);

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer.thumbnail(large))
                .withMessageContaining("image.timeoutSeconds")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.Timeout));
        Awaitility.await("it stops").until(() -> hanging.count() == 0);
        assertThat(hanging.call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void livenessFailsIfADecodeCannotBeStopped() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Deadline deadline = new Deadline(Duration.ofMillis(50), LONG_TIMEOUT, hanging);

        assertThatThrownBy(() -> deadline.run(cancelled -> {
                    while (end.getCount() > 0) {
                        Thread.onSpinWait(); // like a decoder in an endless loop
                    }
                    return null;
                }))
                .isInstanceOf(TimeoutException.class);

        HealthCheck.Result result = hanging.call();
        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage().orElseThrow()).contains("Restart the process");
        assertThat(hanging.isLiveness()).isTrue();
        assertThat(hanging.isReadiness()).isFalse();
        end.countDown();
        Awaitility.await("it is healthy again").until(() -> hanging.call().getState() == HealthCheck.State.UP);
    }

    @Test
    void readsFailAfterTheDeadline() throws Exception {
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        Deadline deadline = new Deadline(Duration.ofMillis(50), LONG_TIMEOUT, hanging);

        assertThatThrownBy(() -> deadline.run(cancelled -> {
                    try (ByteArrayImageInputStream in = new ByteArrayImageInputStream(new byte[1], cancelled)) {
                        while (in.read() < 2) {
                            in.seek(0);
                        }
                        return null;
                    } finally {
                        stopped.complete(true);
                    }
                }))
                .isInstanceOf(TimeoutException.class);

        assertThat(stopped.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void blockedTimeDoesNotCountAsCpuTime() throws Exception {
        Duration cpuTime = Duration.ofMillis(300);
        Deadline deadline = new Deadline(cpuTime, LONG_TIMEOUT, hanging);

        boolean woken =
                deadline.run(cancelled -> new CountDownLatch(1).await(3 * cpuTime.toMillis(), TimeUnit.MILLISECONDS));

        assertThat(woken).as("Deadline waited until the work had finished").isFalse();
    }

    @Test
    void cpuTimeOfAllPartsIsAdded() throws Exception {
        AtomicLong used = new AtomicLong();
        Deadline deadline = new Deadline(Duration.ofSeconds(10), LONG_TIMEOUT, hanging, thread -> used.get());
        deadline.run(cancelled -> used.addAndGet(Duration.ofSeconds(9).toNanos()));

        assertThatThrownBy(() -> deadline.run(cancelled -> {
                    used.addAndGet(Duration.ofSeconds(2).toNanos());
                    return new CountDownLatch(1).await(60, TimeUnit.SECONDS);
                }))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void workWithoutProgressIsAWorkerLimit() {
        CountDownLatch end = new CountDownLatch(1);
        Deadline deadline = new Deadline(LONG_TIMEOUT, Duration.ofMillis(100), hanging);

        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> deadline.run(cancelled -> end.await(60, TimeUnit.SECONDS)))
                .withMessageContaining("Give the worker more CPU")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.WorkerOverloaded));

        assertThat(hanging.call().getState())
                .as("liveness while the work is still running")
                .isEqualTo(HealthCheck.State.DOWN);
        end.countDown();
        Awaitility.await("it ends").until(() -> hanging.call().getState() == HealthCheck.State.UP);
    }

    @Test
    void wallTimeOfAllPartsIsAdded() {
        Deadline deadline = new Deadline(LONG_TIMEOUT, Duration.ofSeconds(1), hanging);
        CountDownLatch never = new CountDownLatch(1);

        // Each part alone is within the limit, but all together are not.
        assertThatExceptionOfType(WorkerLimitException.class).isThrownBy(() -> {
            for (int part = 0; part < 20; part++) {
                deadline.run(cancelled -> never.await(100, TimeUnit.MILLISECONDS));
            }
        });
    }

    @Test
    void withoutCpuTimeMeasurementEveryTimeoutIsAWorkerLimit() {
        Deadline deadline = new Deadline(Duration.ofMillis(50), Duration.ofMillis(200), hanging, thread -> -1);

        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> deadline.run(cancelled -> {
                    while (!cancelled.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    return null;
                }))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.WorkerOverloaded));
    }

    /**
     * The CPU limit is above what the decode needs, but far below the wall-clock time that it takes while all cores are
     * busy.
     */
    @Test
    @Timeout(180)
    void faxIsDecodedOnABusyMachine() throws Exception {
        byte[] fax = fax(1728, 1100);
        int threads = 16 * Runtime.getRuntime().availableProcessors();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService busy = Executors.newFixedThreadPool(threads);
        try {
            for (int i = 0; i < threads; i++) {
                busy.execute(() -> {
                    while (!done.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            ImageLimits limits =
                    new ImageLimits(10_000_000, Budgets.UNLIMITED, Duration.ofMillis(1500), Duration.ofMinutes(2));
            SingleThumbnailer thumbnailer =
                    new SingleThumbnailer(new Scale(new BigDecimal("0.5")), 0.8, true, limits, hanging);

            assertThat(thumbnailer.thumbnail(fax).width()).isPositive();
        } finally {
            done.set(true);
            busy.shutdown();
        }
    }

    @ParameterizedTest
    @MethodSource
    void errorsOfTheWorkerAreWorkerLimits(Throwable error, WorkerLimitException.Reason reason) {
        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> Thumbnailer.translateFailure("WEBP", error))
                .withCauseInstanceOf(Error.class)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    static Stream<Arguments> errorsOfTheWorkerAreWorkerLimits() {
        return Stream.of(
                Arguments.of(new OutOfMemoryError("Java heap space"), WorkerLimitException.Reason.NotEnoughMemory),
                Arguments.of(new OutOfMemoryError(), WorkerLimitException.Reason.NotEnoughMemory),
                Arguments.of(
                        new IOException("in a decoder", new OutOfMemoryError()),
                        WorkerLimitException.Reason.NotEnoughMemory),
                Arguments.of(new UnsatisfiedLinkError("decode"), WorkerLimitException.Reason.MissingLibrary),
                Arguments.of(new NoClassDefFoundError("Decoder"), WorkerLimitException.Reason.MissingLibrary),
                Arguments.of(
                        new ExceptionInInitializerError(new IOException("no file")),
                        WorkerLimitException.Reason.MissingLibrary));
    }

    @Test
    void decoderErrorsMakeThePictureCorrupt() throws Exception {
        for (Throwable complaint :
                List.of(new IOException("cut off"), new ArrayIndexOutOfBoundsException(), new StackOverflowError())) {
            assertThat(Thumbnailer.translateFailure("TIFF", complaint).reason()).isEqualTo(Reason.CorruptImage);
        }
        assertThatThrownBy(() -> Thumbnailer.translateFailure("TIFF", new InternalError("a bug of the JVM")))
                .isInstanceOf(InternalError.class);
    }

    @Test
    void exceptionOfTheWorkIsTheCause() {
        assertThatThrownBy(() -> new Deadline(LONG_TIMEOUT, LONG_TIMEOUT, hanging).run(cancelled -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("broken");
    }

    /** Returns a fax page of noise, which compresses badly. */
    private static byte[] fax(int width, int height) {
        BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
        new Random(1).nextBytes(((DataBufferByte) page.getRaster().getDataBuffer()).getData());
        return Pictures.encode(page, ImageFormat.TIFF, param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType("CCITT T.4");
        });
    }

    /** A file of a few kilobytes must not take gigabytes beyond the budget. */
    @Test
    void singleLongRowCountsForTheMemoryBudgetUnlessItIsHalved() throws Exception {
        byte[] line = Pictures.plain(ImageFormat.PNG, 1_000_000, 1, Color.RED);
        ImageLimits limits = new ImageLimits(1_000_000, Budgets.both(100_000_000), LONG_TIMEOUT);

        assertThat(new SingleThumbnailer(new Scale(new BigDecimal("0.5")), 0.8, true, limits, hanging)
                        .thumbnail(line)
                        .width())
                .isEqualTo(500_000);
        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() ->
                        new SingleThumbnailer(new Scale(BigDecimal.ONE), 0.8, true, limits, hanging).thumbnail(line))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.NotEnoughMemory));
    }

    private SingleThumbnailer thumbnailer(long maxPixels, long memoryBytes, Duration timeout) {
        return new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")),
                0.8,
                true,
                new ImageLimits(maxPixels, Budgets.both(memoryBytes), timeout, Duration.ofMinutes(1)),
                hanging);
    }

    private static Optional<Runnable> acquire(DecodeMemory memory, long bytes) {
        try {
            return memory.acquire(Memory.onHeap(bytes), LONG_TIMEOUT);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

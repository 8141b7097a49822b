// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheck;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one picture, and all together, may take. */
@Timeout(60)
class ImageLimitsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);

    @ParameterizedTest
    @EnumSource
    void pixelsAreLimitedToTheLastOne(ImageFormat format) throws Exception {
        byte[] original = Pictures.quarters(format, 100, 60);

        assertThat(thumbnailer(6000, Long.MAX_VALUE, LONG).thumbnail(original).width())
                .isEqualTo(50);
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(5999, Long.MAX_VALUE, LONG).thumbnail(original))
                .withMessageContaining("100 x 60")
                .withMessageContaining("at most 5999")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyPixels));
    }

    @ParameterizedTest
    @EnumSource(names = {"GIF", "TIFF"})
    void framesCount(ImageFormat format) throws Exception {
        byte[] original = Pictures.frames(format, 30, 20, 10);

        assertThat(thumbnailer(10 * 600, Long.MAX_VALUE, LONG)
                        .thumbnail(original)
                        .width())
                .isEqualTo(15);
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(
                        () -> thumbnailer(10 * 600 - 1, Long.MAX_VALUE, LONG).thumbnail(original))
                .withMessageContaining("30 x 20 pixels in 10 frames");
    }

    @Test
    void declaredSizeIsLookedAtBeforeAnythingIsDecoded() {
        byte[] png = Pictures.quarters(ImageFormat.PNG, 10, 10);
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000); // the header; its checksum is not looked at

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(50_000_000, Long.MAX_VALUE, LONG).thumbnail(png))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyPixels));
    }

    @Test
    void pictureThatNeedsMoreMemoryThanThereIsIsRefused() {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(
                        () -> thumbnailer(6000, 10_000, LONG).thumbnail(Pictures.quarters(ImageFormat.PNG, 100, 60)))
                .withMessageContaining("at most 10000 can be had (image.memoryPercent of the heap)")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TooManyPixels));
    }

    @Test
    void decodesWaitForMemory() throws Exception {
        DecodeMemory memory = new DecodeMemory(10_000_000);
        Runnable giveBack = memory.take(6_000_000, () -> false);
        CompletableFuture<Runnable> second = CompletableFuture.supplyAsync(() -> take(memory, 6_000_000));

        assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        giveBack.run();

        assertThat(second.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void memoryIsGivenBackWhateverHappens() throws Exception {
        Thumbnailer thumbnailer = thumbnailer(1_000_000, 150_000, LONG);
        byte[] good = Pictures.quarters(ImageFormat.PNG, 100, 100);
        byte[] bad = java.util.Arrays.copyOf(good, good.length - 30);
        for (int i = 0; i < 20; i++) {
            assertThat(thumbnailer.thumbnail(good).width()).isEqualTo(50);
            assertThatThrownBy(() -> thumbnailer.thumbnail(bad)).isInstanceOf(UnusableImageException.class);
        }
    }

    @Test
    void decodeThatTakesTooLongIsGivenUp() {
        byte[] large = Pictures.quarters(ImageFormat.PNG, 5000, 4000);

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(50_000_000, Long.MAX_VALUE, Duration.ofMillis(5))
                        .thumbnail(large))
                .withMessageContaining("image.timeoutSeconds")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.Timeout));
        Awaitility.await("it stops").until(() -> hanging.count() == 0);
        assertThat(hanging.call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void decodeThatCannotBeStoppedIsSaidInLiveness() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Deadline deadline = new Deadline(Duration.ofMillis(50), hanging);

        assertThatThrownBy(() -> deadline.run(cancelled -> {
                    while (end.getCount() > 0) {
                        Thread.onSpinWait(); // as a decoder that goes round in circles
                    }
                    return null;
                }))
                .isInstanceOf(TimeoutException.class);

        HealthCheck.Result result = hanging.call();
        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage().orElseThrow()).contains("restart the process");
        assertThat(hanging.isLiveness()).isTrue();
        assertThat(hanging.isReadiness()).isFalse();
        end.countDown();
        Awaitility.await("it is healthy again").until(() -> hanging.call().getState() == HealthCheck.State.UP);
    }

    @Test
    void readerThatGoesOnAfterItsTimeGetsNoMoreBytes() throws Exception {
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        Deadline deadline = new Deadline(Duration.ofMillis(50), hanging);

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
    void whatTheWorkThrowsComesOut() {
        assertThatThrownBy(() -> new Deadline(LONG, hanging).run(cancelled -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("broken");
    }

    private Thumbnailer thumbnailer(long maxPixels, long memoryBytes, Duration timeout) {
        return new Thumbnailer(
                new BigDecimal("0.5"), 0.8, new ImageLimits(maxPixels, memoryBytes, timeout), hanging, true);
    }

    private static Runnable take(DecodeMemory memory, long bytes) {
        try {
            return memory.take(bytes, () -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

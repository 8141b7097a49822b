// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.http.RequestRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock that measures upload rates is fake. Only the waiting for slots happens in real time. */
@Timeout(60)
class UploadSlotsTest {

    private static final int MIN_BYTES_PER_SECOND = 1000;
    private static final Duration LONG_WAIT = Duration.ofSeconds(50);
    private static final Duration SHORT_WAIT = Duration.ofMillis(1);

    private final AtomicLong now = new AtomicLong();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1})
    void thereIsAtLeastOneSlot(long count) throws Exception {
        UploadSlots slots = new UploadSlots(count, MIN_BYTES_PER_SECOND, SHORT_WAIT);

        slots.acquire(upload(0));

        assertRefused(slots);
    }

    @Test
    void usedSlotsAreCounted() throws Exception {
        UploadSlots slots = new UploadSlots(2, MIN_BYTES_PER_SECOND, SHORT_WAIT);
        assertThat(slots.used()).isZero();
        RequestStream first = upload(1_000_000);
        slots.acquire(first);
        slots.acquire(upload(1_000_000));
        assertRefused(slots);

        assertThat(slots.used()).isEqualTo(2);
        assertThat(slots.count()).isEqualTo(2);

        slots.release(first);
        assertThat(slots.used()).isEqualTo(1);
        assertThat(slots.count()).isEqualTo(2);
    }

    @Test
    void releasingASlotTwiceFreesItOnce() throws Exception {
        UploadSlots slots = new UploadSlots(2, MIN_BYTES_PER_SECOND, SHORT_WAIT);
        RequestStream first = upload(1_000_000);
        slots.acquire(first);
        slots.acquire(upload(1_000_000));

        slots.release(first);
        slots.release(first);
        slots.release(upload(0)); // it never had a slot

        slots.acquire(upload(0));
        assertRefused(slots);
    }

    @Test
    void slowestUploadIsCancelled() throws Exception {
        UploadSlots slots = new UploadSlots(3, MIN_BYTES_PER_SECOND, SHORT_WAIT);
        List<RequestStream> holders = List.of(upload(9_000), upload(10), upload(100));
        for (RequestStream holder : holders) {
            slots.acquire(holder);
        }

        assertRefused(slots); // the cancelled one has not released its slot yet
        assertThat(holders).extracting(RequestStream::isCancelled).containsExactly(false, true, false);
        assertRefused(slots);
        assertThat(holders).extracting(RequestStream::isCancelled).containsExactly(false, true, true);
    }

    @Test
    void fastUploadIsNotCancelled() throws Exception {
        UploadSlots slots = new UploadSlots(2, MIN_BYTES_PER_SECOND, SHORT_WAIT);
        RequestStream atTheMinimumRate = upload(MIN_BYTES_PER_SECOND * 5);
        RequestStream withUnknownRate = new RequestStream(null, 1, 1, null, null, LONG_WAIT, new UploadRate(now::get));
        slots.acquire(atTheMinimumRate);
        slots.acquire(withUnknownRate);

        assertRefused(slots);

        assertThat(atTheMinimumRate.isCancelled()).isFalse();
        assertThat(withUnknownRate.isCancelled()).isFalse();
    }

    /** Repeated, because it fails only sometimes if finding and cancelling the slowest upload are not atomic. */
    @RepeatedTest(40)
    void uploadsThatArriveTogetherCancelDifferentOnes() throws Exception {
        int count = 8;
        UploadSlots slots = new UploadSlots(count, MIN_BYTES_PER_SECOND, LONG_WAIT);
        List<RequestStream> holders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holders.add(upload(i));
            slots.acquire(holders.get(i));
        }
        CyclicBarrier together = new CyclicBarrier(count);
        List<CompletableFuture<Void>> arriving = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            arriving.add(acquireAsync(slots, upload(0), together));
        }

        Awaitility.await().until(() -> holders.stream().allMatch(RequestStream::isCancelled));
        holders.forEach(slots::release);

        assertThat(arriving).allSatisfy(CompletableFuture::join);
    }

    @Test
    void slotGoesToTheUploadThatHasWaitedLongest() throws Exception {
        UploadSlots slots = new UploadSlots(1, 0, LONG_WAIT);
        RequestStream holder = upload(0);
        slots.acquire(holder);
        RequestStream first = upload(0);
        CompletableFuture<Void> firstAcquired = acquireAsync(slots, first, null);
        awaitWaiting(1);
        CompletableFuture<Void> secondAcquired = acquireAsync(slots, upload(0), null);
        awaitWaiting(2);

        slots.release(holder);
        firstAcquired.join();
        assertThat(secondAcquired).isNotDone();

        slots.release(first);
        secondAcquired.join();
    }

    @Test
    void uploadOverTheWaitingLimitIsRefusedAndCancelsNone() throws Exception {
        UploadSlots slots = new UploadSlots(1, 0, LONG_WAIT);
        RequestStream holder = upload(0);
        slots.acquire(holder);
        for (int i = 0; i < UploadSlots.MAX_WAITING; i++) {
            acquireAsync(slots, upload(0), null);
        }
        awaitWaiting(UploadSlots.MAX_WAITING);

        assertRefused(slots);

        assertThat(holder.isCancelled()).isFalse();
    }

    @Test
    void interruptedUploadLeavesTheQueue() throws Exception {
        UploadSlots slots = new UploadSlots(1, 0, LONG_WAIT);
        RequestStream holder = upload(0);
        slots.acquire(holder);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> slots.acquire(upload(0)))
                .withMessageContaining("is stopping");

        assertThat(Thread.interrupted()).isTrue();
        slots.release(holder);
        slots.acquire(upload(0)); // does not wait
    }

    private void assertRefused(UploadSlots slots) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> slots.acquire(upload(0)))
                .withMessageContaining("Too many concurrent uploads")
                .satisfies(e -> assertThat(e.status()).isEqualTo(503));
    }

    private CompletableFuture<Void> acquireAsync(UploadSlots slots, RequestStream upload, CyclicBarrier together) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        if (together != null) {
                            together.await();
                        }
                        slots.acquire(upload);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                clients);
    }

    private static void awaitWaiting(int count) {
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().entrySet().stream()
                                .filter(thread -> thread.getKey().getState() == Thread.State.TIMED_WAITING)
                                .filter(thread -> List.of(thread.getValue()).stream()
                                        .anyMatch(frame -> frame.getClassName().equals(UploadSlots.class.getName())))
                                .count()
                        == count);
    }

    /** Creates an upload that has sent the given number of bytes while the server waited for it for five seconds. */
    private RequestStream upload(long bytes) {
        UploadRate rate = new UploadRate(now::get);
        rate.startWaiting();
        now.addAndGet(TimeUnit.SECONDS.toNanos(UploadRate.MIN_WAITED_SECONDS));
        rate.stopWaiting(bytes);
        return new RequestStream(null, 1, 1, null, null, LONG_WAIT, rate);
    }
}

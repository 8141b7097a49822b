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

/** The time by which clients are slow passes when the test says so. */
@Timeout(60)
class UploadSlotsTest {

    private static final int MIN_BYTES_PER_SECOND = 1000;
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final AtomicLong now = new AtomicLong();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1})
    void thereIsAtLeastOneSlot(long count) throws Exception {
        UploadSlots slots = new UploadSlots(count, MIN_BYTES_PER_SECOND, SHORT);

        slots.take(upload(0));

        assertRefused(slots);
    }

    @Test
    void releasedSlotIsFreeOnce() throws Exception {
        UploadSlots slots = new UploadSlots(2, MIN_BYTES_PER_SECOND, SHORT);
        RequestStream first = upload(1_000_000);
        slots.take(first);
        slots.take(upload(1_000_000));

        slots.giveBack(first);
        slots.giveBack(first);
        slots.giveBack(upload(0)); // which never had one

        slots.take(upload(0));
        assertRefused(slots);
    }

    @Test
    void slowestIsCancelled() throws Exception {
        UploadSlots slots = new UploadSlots(3, MIN_BYTES_PER_SECOND, SHORT);
        List<RequestStream> holders = List.of(upload(9_000), upload(10), upload(100));
        for (RequestStream holder : holders) {
            slots.take(holder);
        }

        assertRefused(slots); // the cancelled one has not released its slot yet
        assertThat(holders).extracting(RequestStream::isGivenUp).containsExactly(false, true, false);
        assertRefused(slots);
        assertThat(holders).extracting(RequestStream::isGivenUp).containsExactly(false, true, true);
    }

    @Test
    void fastUploadIsNotCancelled() throws Exception {
        UploadSlots slots = new UploadSlots(2, MIN_BYTES_PER_SECOND, SHORT);
        RequestStream asFastAsItHasToBe = upload(MIN_BYTES_PER_SECOND * 5);
        RequestStream notYetJudged = new RequestStream(null, 1, 1, null, null, LONG, new UploadRate(now::get));
        slots.take(asFastAsItHasToBe);
        slots.take(notYetJudged);

        assertRefused(slots);

        assertThat(asFastAsItHasToBe.isGivenUp()).isFalse();
        assertThat(notYetJudged.isGivenUp()).isFalse();
    }

    /** Each round of this failed now and then when the search and the mark were two steps. */
    @RepeatedTest(40)
    void uploadsThatArriveTogetherCancelDifferentOnes() throws Exception {
        int count = 8;
        UploadSlots slots = new UploadSlots(count, MIN_BYTES_PER_SECOND, LONG);
        List<RequestStream> holders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            holders.add(upload(i));
            slots.take(holders.get(i));
        }
        CyclicBarrier together = new CyclicBarrier(count);
        List<CompletableFuture<Void>> arriving = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            arriving.add(take(slots, upload(0), together));
        }

        Awaitility.await().until(() -> holders.stream().allMatch(RequestStream::isGivenUp));
        holders.forEach(slots::giveBack);

        assertThat(arriving).allSatisfy(CompletableFuture::join);
    }

    @Test
    void slotGoesToTheUploadThatHasWaitedLongest() throws Exception {
        UploadSlots slots = new UploadSlots(1, 0, LONG);
        RequestStream holder = upload(0);
        slots.take(holder);
        RequestStream first = upload(0);
        CompletableFuture<Void> firstTaken = take(slots, first, null);
        awaitWaiting(1);
        CompletableFuture<Void> secondTaken = take(slots, upload(0), null);
        awaitWaiting(2);

        slots.giveBack(holder);
        firstTaken.join();
        assertThat(secondTaken).isNotDone();

        slots.giveBack(first);
        secondTaken.join();
    }

    @Test
    void tooManyDoNotWaitAndCancelNobody() throws Exception {
        UploadSlots slots = new UploadSlots(1, 0, LONG);
        RequestStream holder = upload(0);
        slots.take(holder);
        for (int i = 0; i < UploadSlots.MAX_WAITING; i++) {
            take(slots, upload(0), null);
        }
        awaitWaiting(UploadSlots.MAX_WAITING);

        assertRefused(slots);

        assertThat(holder.isGivenUp()).isFalse();
    }

    @Test
    void interruptedUploadDoesNotKeepAPlaceInTheQueue() throws Exception {
        UploadSlots slots = new UploadSlots(1, 0, LONG);
        RequestStream holder = upload(0);
        slots.take(holder);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> slots.take(upload(0)))
                .withMessageContaining("is stopping");

        assertThat(Thread.interrupted()).isTrue();
        slots.giveBack(holder);
        slots.take(upload(0)); // does not wait
    }

    private void assertRefused(UploadSlots slots) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> slots.take(upload(0)))
                .withMessageContaining("Too many uploads")
                .satisfies(e -> assertThat(e.status()).isEqualTo(503));
    }

    private CompletableFuture<Void> take(UploadSlots slots, RequestStream upload, CyclicBarrier together) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        if (together != null) {
                            together.await();
                        }
                        slots.take(upload);
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

    /** An upload that has sent so many bytes in the five seconds that were waited for it. */
    private RequestStream upload(long bytes) {
        UploadRate rate = new UploadRate(now::get);
        rate.startWaiting();
        now.addAndGet(TimeUnit.SECONDS.toNanos(UploadRate.SECONDS_TO_JUDGE));
        rate.stopWaiting(bytes);
        return new RequestStream(null, 1, 1, null, null, LONG, rate);
    }
}

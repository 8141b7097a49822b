// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeMemoryTest {

    private static final long MB = 1_000_000;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ExecutorService others = Executors.newCachedThreadPool();
    private final DecodeMemory memory = new DecodeMemory(new Memory(10 * MB, 20 * MB));

    @AfterEach
    void stopThreads() {
        others.shutdownNow();
    }

    @Test
    void bothBudgetsAreCounted() throws Exception {
        Runnable release =
                memory.acquire(new Memory(8 * MB, 3 * MB), Duration.ZERO).orElseThrow();

        assertThat(memory.limit()).isEqualTo(new Memory(10 * MB, 20 * MB));
        assertThat(memory.used().heap()).isBetween(8 * MB, 8 * MB + 1024);
        assertThat(memory.used().outside()).isBetween(3 * MB, 3 * MB + 1024);
        release.run();
        assertThat(memory.used()).isEqualTo(new Memory(0, 0));
    }

    /** The second decode needs more than the first one leaves, of the heap only, of the rest only, or of both. */
    @ParameterizedTest
    @CsvSource({"3, 17", "2, 18", "3, 18"})
    void decodeWaitsUntilBothAreFree(long heap, long outside) throws Exception {
        Runnable release =
                memory.acquire(new Memory(8 * MB, 3 * MB), Duration.ZERO).orElseThrow();

        Future<Runnable> second = acquireLater(heap * MB, outside * MB);
        awaitWaiting(1);
        release.run();
        second.get(1, TimeUnit.MINUTES).run();

        assertThat(memory.waiting()).isZero();
        assertThat(memory.used()).isEqualTo(new Memory(0, 0));
    }

    @Test
    void oneBudgetDoesNotLimitTheOther() throws Exception {
        assertThat(memory.acquire(new Memory(10 * MB, 0), Duration.ZERO)).isPresent();
        assertThat(memory.acquire(new Memory(0, 20 * MB), Duration.ZERO)).isPresent();
        assertThat(memory.acquire(new Memory(0, 0), Duration.ZERO)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1", "1, 1"})
    void decodesThatFitWaitBehindAnEarlierOne(long heap, long outside) throws Exception {
        Runnable release =
                memory.acquire(new Memory(5 * MB, 15 * MB), Duration.ZERO).orElseThrow();
        List<String> order = Collections.synchronizedList(new ArrayList<>());

        Future<Runnable> large = acquireLater(10 * heap * MB, 20 * outside * MB, () -> order.add("large"));
        awaitWaiting(1);
        Future<Runnable> small = acquireLater(heap * MB, outside * MB, () -> order.add("small"));
        awaitWaiting(2);
        release.run();
        large.get(1, TimeUnit.MINUTES).run();
        small.get(1, TimeUnit.MINUTES).run();

        assertThat(order).containsExactly("large", "small");
        assertThat(memory.used()).isEqualTo(new Memory(0, 0));
    }

    @Test
    void secondReleaseHasNoEffect() throws Exception {
        Runnable release =
                memory.acquire(new Memory(5 * MB, 15 * MB), Duration.ZERO).orElseThrow();

        release.run();
        release.run();

        assertThat(memory.used()).isEqualTo(new Memory(0, 0));
    }

    @Test
    void nothingIsHeldAfterATimeout() throws Exception {
        memory.acquire(new Memory(0, 15 * MB), Duration.ZERO).orElseThrow();

        assertThat(memory.acquire(new Memory(10 * MB, 10 * MB), Duration.ofMillis(1)))
                .isEmpty();

        assertThat(memory.used().heap()).isZero();
    }

    @Test
    void nothingIsHeldAfterAnInterrupt() throws Exception {
        memory.acquire(new Memory(0, 15 * MB), Duration.ZERO).orElseThrow();
        Future<Runnable> waiting = acquireLater(10 * MB, 10 * MB);
        awaitWaiting(1);

        others.shutdownNow();

        assertThatThrownBy(() -> waiting.get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(memory.used().heap()).isZero();
    }

    /** Two threads that each held what the other one waits for would never end. */
    @Test
    void randomDecodesInParallelDoNotBlockEachOther() throws Exception {
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(i);
            workers.add(others.submit(() -> {
                for (int n = 0; n < 5000; n++) {
                    Memory need = new Memory(random.nextLong(10 * MB), random.nextLong(20 * MB));
                    memory.acquire(need, LONG).orElseThrow().run();
                }
                return null;
            }));
        }
        for (Future<?> worker : workers) {
            worker.get(1, TimeUnit.MINUTES);
        }
        assertThat(memory.used()).isEqualTo(new Memory(0, 0));
    }

    private Future<Runnable> acquireLater(long heap, long outside) {
        return acquireLater(heap, outside, () -> {});
    }

    private Future<Runnable> acquireLater(long heap, long outside, Runnable acquired) {
        return others.submit(() -> {
            Optional<Runnable> release = memory.acquire(new Memory(heap, outside), LONG);
            acquired.run();
            return release.orElseThrow();
        });
    }

    private void awaitWaiting(int count) {
        Awaitility.await().atMost(LONG).until(() -> memory.waiting() == count);
    }
}

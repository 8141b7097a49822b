// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpWorkersTest {

    private final ThreadPoolExecutor pool = (ThreadPoolExecutor) new HttpWorkers().createExecutor(Thread::new, 100, 3);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        pool.shutdownNow();
    }

    @Test
    void startsWithoutThreads() {
        assertThat(pool.getPoolSize()).isZero();
    }

    /** A JDK before 24 has no virtual threads, or they cannot wait in a synchronized block. */
    @Test
    void threadsAreVirtualIfTheJdkIsNewEnough() throws Exception {
        Thread worker = pool.submit(Thread::currentThread).get();

        assertThat(worker.getClass().getSimpleName())
                .isEqualTo(Runtime.version().feature() >= 24 ? "VirtualThread" : "Thread");
    }

    @Test
    void idleThreadIsReused() {
        for (int i = 1; i <= 20; i++) {
            pool.execute(() -> {});
            long done = i;
            // A thread becomes idle shortly after it has completed a task.
            Awaitility.await().until(() -> pool.getCompletedTaskCount() == done && isIdle());
        }

        assertThat(pool.getLargestPoolSize()).isEqualTo(1);
    }

    private boolean isIdle() {
        return ((LinkedTransferQueue<?>) pool.getQueue()).hasWaitingConsumer();
    }

    @Test
    void newThreadStartsWhileAllAreBusyUpToTheLimit() throws Exception {
        CountDownLatch running = new CountDownLatch(3);
        block(3, running);

        assertThat(running.await(30, TimeUnit.SECONDS))
                .as("all three run at the same time")
                .isTrue();
        assertThat(pool.getPoolSize()).isEqualTo(3);
    }

    @Test
    void tasksOverTheLimitAreQueuedAndRun() throws Exception {
        block(3, new CountDownLatch(3));
        List<Integer> done = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            int number = i;
            pool.execute(() -> {
                synchronized (done) {
                    done.add(number);
                }
                all.countDown();
            });
        }
        assertThat(pool.getQueue()).hasSize(50);
        assertThat(pool.getPoolSize()).isEqualTo(3);
        assertThat(done).isEmpty();

        end.countDown();

        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasSize(50).contains(0, 49);
        assertThat(pool.getLargestPoolSize()).isEqualTo(3);
    }

    @Test
    void idleThreadsEnd() {
        assertThat(pool.getKeepAliveTime(TimeUnit.SECONDS)).isEqualTo(10);
        assertThat(pool.getCorePoolSize()).as("threads that never end").isZero();
        assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
    }

    private void block(int tasks, CountDownLatch running) {
        for (int i = 0; i < tasks; i++) {
            pool.execute(() -> {
                running.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}

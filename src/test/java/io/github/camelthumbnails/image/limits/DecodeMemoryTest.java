// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DecodeMemoryTest {

    private static final int MB = 1_000_000;

    @Test
    void usedMemoryAndWaitingDecodesAreCounted() throws Exception {
        DecodeMemory memory = new DecodeMemory(10 * MB);
        assertThat(memory.usedBytes()).isZero();
        assertThat(memory.limitBytes()).isBetween(10L * MB, 10L * MB + 1024);

        Runnable release = memory.acquire(8 * MB, Duration.ZERO).orElseThrow();
        assertThat(memory.usedBytes()).isBetween(8L * MB, 8L * MB + 1024);
        assertThat(memory.waiting()).isZero();

        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Runnable> second = other.submit(
                    () -> memory.acquire(5 * MB, Duration.ofMinutes(1)).orElseThrow());
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> memory.waiting() == 1);
            release.run();
            second.get(1, TimeUnit.MINUTES).run();
        } finally {
            other.shutdownNow();
        }
        assertThat(memory.waiting()).isZero();
        assertThat(memory.usedBytes()).isZero();
        assertThat(memory.limitBytes()).isBetween(10L * MB, 10L * MB + 1024);
    }
}

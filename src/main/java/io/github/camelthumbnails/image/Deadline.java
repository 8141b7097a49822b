// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The time that the work on one picture may take. Java has no way to stop a thread that does not want to, so the work runs on
 * another thread, which is left behind if it does not end.
 */
final class Deadline {

    /** Work that is to look, now and then, whether it is still wanted. */
    interface Work<T> {
        T run(BooleanSupplier cancelled) throws Exception;
    }

    /** Used again, because native memory that one has given back is kept for it. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "decode");
        thread.setDaemon(true); // or one that hangs would keep the process from ending
        return thread;
    });

    private final Duration timeout;
    private final HangingDecodes hanging;
    private long usedNanos;

    /**
     * @param timeout for all work together
     * @param hanging is told of work that is left behind
     */
    Deadline(Duration timeout, HangingDecodes hanging) {
        this.timeout = timeout;
        this.hanging = hanging;
    }

    /**
     * Does a part of the work. Between the parts no time is counted.
     *
     * @throws TimeoutException if the time is up; the work may still be running
     * @throws ExecutionException with what the work has thrown
     * @throws InterruptedException if the calling thread is
     */
    <T> T run(Work<T> work) throws TimeoutException, ExecutionException, InterruptedException {
        long start = System.nanoTime();
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        Future<T> result = THREADS.submit(() -> {
            try {
                return work.run(cancelled::get);
            } finally {
                ended.set(true);
            }
        });
        try {
            return result.get(timeout.toNanos() - usedNanos, TimeUnit.NANOSECONDS);
        } finally {
            usedNanos += System.nanoTime() - start;
            if (!result.isDone()) {
                cancelled.set(true); // and no more: work that never begins would not give back what it holds
                hanging.watch(ended::get);
            }
        }
    }
}

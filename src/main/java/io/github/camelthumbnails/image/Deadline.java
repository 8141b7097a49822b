// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The time that the work on one picture may take. Java has no way to stop a thread that does not want to, so the work runs on a
 * thread of its own, which is left behind if it does not end.
 */
final class Deadline {

    /** Work that is to look, now and then, whether it is still wanted. */
    interface Work<T> {
        T run(BooleanSupplier cancelled) throws Exception;
    }

    private final Duration timeout;
    private final HangingDecodes hanging;
    private long usedNanos;

    /**
     * @param timeout for all work together
     * @param hanging is told of threads that are left behind
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
        FutureTask<T> task = new FutureTask<>(() -> work.run(cancelled::get));
        Thread thread = new Thread(task, "decode");
        thread.setDaemon(true); // or one that hangs would keep the process from ending
        thread.start();
        try {
            return task.get(timeout.toNanos() - usedNanos, TimeUnit.NANOSECONDS);
        } finally {
            usedNanos += System.nanoTime() - start;
            if (!task.isDone()) {
                cancelled.set(true);
                thread.interrupt();
                hanging.watch(thread);
            }
        }
    }
}

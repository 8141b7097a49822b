// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import io.github.camelthumbnails.image.WorkerLimitException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * Limits the CPU time and the wall-clock time of the work on one picture. Java cannot stop a thread that does not
 * cooperate, so the work runs on a separate thread, which is abandoned when the work takes too long.
 *
 * <p>A picture is rejected for the CPU time of that thread, including native code: on a busy machine a harmless picture
 * takes more wall-clock time, but no more CPU time. The much higher limit on wall-clock time covers work that makes no
 * progress because it is blocked or because the machine is overloaded. It is the only limit if the JVM cannot measure
 * the CPU time of a thread.
 */
public final class Deadline {

    /** A task that checks regularly whether it has been cancelled. */
    public interface Work<T> {

        /**
         * Does the work and returns its result.
         *
         * @param cancelled returns true once the result is no longer needed
         */
        T run(BooleanSupplier cancelled) throws Exception;
    }

    /**
     * Minimum interval between two readings of the CPU time. Only reached when a decode has nearly used up its time.
     */
    private static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * Fixed stack size, so that whether a decoder's recursion overflows depends on the picture, not on the platform or
     * -Xss.
     */
    private static final long STACK_BYTES = 2 * 1024 * 1024;

    /** Reuses threads, because native allocators keep released memory for the thread that released it. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(null, work, "decode", STACK_BYTES);
        thread.setDaemon(true); // a hanging decode must not block the shutdown
        return thread;
    });

    private static final ThreadMXBean THREAD_TIMES = ManagementFactory.getThreadMXBean();
    private static final boolean CPU_TIME_IS_MEASURED =
            THREAD_TIMES.isThreadCpuTimeSupported() && THREAD_TIMES.isThreadCpuTimeEnabled();

    private final Duration cpuTime;
    private final Duration wallTime;
    private final HangingDecodes hanging;
    private final ToLongFunction<Thread> clock;
    private long usedCpuNanos;
    private long usedWallNanos;

    /**
     * Creates a deadline. Its limits apply to the total of all {@link #run} calls.
     *
     * @param cpuTime maximum CPU time of the working thread
     * @param wallTime maximum wall-clock time
     * @param hanging watches abandoned work
     */
    public Deadline(Duration cpuTime, Duration wallTime, HangingDecodes hanging) {
        this(cpuTime, wallTime, hanging, Deadline::cpuNanos);
    }

    /**
     * Creates a deadline with another CPU clock.
     *
     * @param clock returns the CPU time that a thread has used since its start, in nanoseconds, or -1 if it is unknown
     */
    public Deadline(Duration cpuTime, Duration wallTime, HangingDecodes hanging, ToLongFunction<Thread> clock) {
        this.cpuTime = cpuTime;
        this.wallTime = wallTime;
        this.hanging = hanging;
        this.clock = clock;
    }

    private static long cpuNanos(Thread thread) {
        return CPU_TIME_IS_MEASURED ? THREAD_TIMES.getThreadCpuTime(thread.getId()) : -1;
    }

    /**
     * Runs a part of the work and waits for its result. Time between two calls does not count.
     *
     * @throws TimeoutException if the CPU time is used up; the work may still be running
     * @throws WorkerLimitException if the wall-clock time is used up but the CPU time is not; the work may still be
     *     running
     * @throws ExecutionException if the work failed; the cause is the exception that it threw
     * @throws InterruptedException if the calling thread is interrupted
     */
    public <T> T run(Work<T> work)
            throws TimeoutException, WorkerLimitException, ExecutionException, InterruptedException {
        long start = System.nanoTime();
        Task<T> task = new Task<>(work, clock);
        Future<T> result = THREADS.submit(task);
        try {
            while (true) {
                long cpuLeft = cpuTime.toNanos() - usedCpuNanos - task.cpuNanos();
                long wallLeft = wallTime.toNanos() - usedWallNanos - (System.nanoTime() - start);
                if (cpuLeft <= 0 && !result.isDone()) {
                    throw new TimeoutException();
                }
                if (wallLeft <= 0 && !result.isDone()) {
                    throw overloaded(cpuTime.toNanos() - cpuLeft);
                }
                try {
                    // CPU time never passes faster than wall-clock time, so the limit cannot be reached earlier.
                    return result.get(Math.max(MIN_WAIT_NANOS, Math.min(cpuLeft, wallLeft)), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    // Read the used CPU time again.
                }
            }
        } finally {
            usedCpuNanos += task.cpuNanos();
            usedWallNanos += System.nanoTime() - start;
            if (!result.isDone()) {
                task.cancelled = true; // not Future.cancel: a task that never starts would not release its resources
                hanging.watch(task::hasEnded);
            }
        }
    }

    private WorkerLimitException overloaded(long usedNanos) {
        return new WorkerLimitException(
                WorkerLimitException.Reason.WorkerOverloaded,
                "The picture was not finished after " + wallTime.toSeconds() + " s, in which it got "
                        + TimeUnit.NANOSECONDS.toSeconds(usedNanos)
                        + " s of CPU time. Give the worker more CPU, or fewer consumers (events.consumers)",
                null);
    }

    /** Runs a part of the work and measures its CPU time. */
    private static final class Task<T> implements Callable<T> {

        private final Work<T> work;
        private final ToLongFunction<Thread> clock;
        private volatile boolean cancelled;
        private volatile boolean ended;

        /**
         * The thread that runs this task; null before and after. Always written after the time fields, so that they are
         * visible.
         */
        private volatile Thread thread;

        private long startNanos;
        private long totalNanos;

        Task(Work<T> work, ToLongFunction<Thread> clock) {
            this.work = work;
            this.clock = clock;
        }

        @Override
        public T call() throws Exception {
            Thread current = Thread.currentThread();
            startNanos = clock.applyAsLong(current);
            thread = current;
            try {
                return work.run(() -> cancelled);
            } finally {
                totalNanos = since(startNanos, current);
                thread = null;
                ended = true;
            }
        }

        /** Returns the CPU time used so far; 0 if the task has not started or if the time cannot be measured. */
        long cpuNanos() {
            Thread running = thread;
            long nanos = running == null ? 0 : since(startNanos, running);
            // If the task has ended in the meantime, its thread may already run another one.
            return thread == null ? totalNanos : nanos;
        }

        private long since(long start, Thread running) {
            return Math.max(0, clock.applyAsLong(running) - start);
        }

        boolean hasEnded() {
            return ended;
        }
    }
}

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
 * Limits the time of the work on one picture. Java cannot stop a thread that does not cooperate, so the work runs on a thread of
 * its own, which is abandoned when the work takes too long.
 *
 * <p>The limit that counts against the picture is CPU time of that thread, native code included: on a busy machine a harmless
 * picture takes long on the clock, but no more CPU time than elsewhere. A second limit, on the clock and far above the first,
 * covers work that makes no progress: it is blocked, or the machine is starved. A JVM that cannot measure the CPU time of a
 * thread has only this second limit.
 */
public final class Deadline {

    /** Work that checks now and then whether its result is still wanted. */
    public interface Work<T> {
        T run(BooleanSupplier cancelled) throws Exception;
    }

    /** Shortest wait before the CPU time is read again. Only a decode that has nearly used up its time is read so often. */
    private static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The recursion depth at which a decoder fails must depend on the picture alone, not on the platform or on -Xss. */
    private static final long STACK_BYTES = 2 * 1024 * 1024;

    /** Threads are reused, because the native memory that a decode has released is kept for its thread. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(null, work, "decode", STACK_BYTES);
        thread.setDaemon(true); // a decode that hangs must not keep the process from ending
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
     * Creates limits for all parts of the work together.
     *
     * @param cpuTime CPU time of the thread that works
     * @param wallTime time on the clock
     * @param hanging watches work that is abandoned
     */
    public Deadline(Duration cpuTime, Duration wallTime, HangingDecodes hanging) {
        this(cpuTime, wallTime, hanging, Deadline::cpuNanos);
    }

    /**
     * Creates limits with another clock.
     *
     * @param clock returns the CPU time that a thread has used since its start, in nanoseconds, or -1 if that is not known
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
     * Runs a part of the work. The time between the parts does not count.
     *
     * @throws TimeoutException if the work has used up its CPU time; it may still be running
     * @throws WorkerLimitException if the work was not done in time although it has not used up its CPU time; it may still be
     *     running
     * @throws ExecutionException if the work has failed; the cause is what it has thrown
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
                    // A thread cannot use more CPU time than passes on the clock, so there is no need to look earlier.
                    return result.get(Math.max(MIN_WAIT_NANOS, Math.min(cpuLeft, wallLeft)), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    // Look again how much it has used.
                }
            }
        } finally {
            usedCpuNanos += task.cpuNanos();
            usedWallNanos += System.nanoTime() - start;
            if (!result.isDone()) {
                task.cancelled = true; // no more than that: work that never began would not release what it holds
                hanging.watch(task::hasEnded);
            }
        }
    }

    private WorkerLimitException overloaded(long usedNanos) {
        return new WorkerLimitException(
                WorkerLimitException.Reason.WorkerOverloaded,
                "The picture was not done after " + wallTime.toSeconds() + " s and got "
                        + TimeUnit.NANOSECONDS.toSeconds(usedNanos)
                        + " s of CPU time. Give the worker more CPU, or fewer consumers (events.consumers)",
                null);
    }

    /** A part of the work, and the CPU time that it has used. */
    private static final class Task<T> implements Callable<T> {

        private final Work<T> work;
        private final ToLongFunction<Thread> clock;
        private volatile boolean cancelled;
        private volatile boolean ended;

        /** The thread while it works on this task, else null. Written after the times that belong to it. */
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

        /** Returns the CPU time that this task has used so far; 0 if it has not begun or if the time cannot be measured. */
        long cpuNanos() {
            Thread running = thread;
            long nanos = running == null ? 0 : since(startNanos, running);
            // If the task has ended in the meantime, its thread may already work on another one.
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

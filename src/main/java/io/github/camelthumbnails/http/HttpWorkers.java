// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.spi.ExecutorServiceFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of the HTTP server: as many as are busy at the same time, up to a limit. Vert.x' own pool would start a new one for
 * each request until it has all, of which it keeps every one.
 */
public final class HttpWorkers implements ExecutorServiceFactory {

    private static final int IDLE_SECONDS = 10;

    /** Takes no settings. */
    public HttpWorkers() {}

    private static final class Tasks extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        /** Only to a thread that waits for one: else the pool starts another. */
        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        /** When the pool has all. */
        void keep(Runnable task) {
            super.offer(task);
        }
    }

    /**
     * Makes a pool.
     *
     * @param least ignored
     * @param most how many threads there may be
     */
    @Override
    public ExecutorService createExecutor(ThreadFactory threads, Integer least, Integer most) {
        Tasks tasks = new Tasks();
        return new ThreadPoolExecutor(
                0, most, IDLE_SECONDS, TimeUnit.SECONDS, tasks, threads, (task, pool) -> tasks.keep(task));
    }
}

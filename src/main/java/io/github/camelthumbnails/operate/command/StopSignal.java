// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.Operation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run end cleanly if the process is asked to stop (Ctrl-C or SIGTERM): the run is cancelled, ends its current batch, and its report
 * is printed. Then the process ends with the exit code of the command.
 */
final class StopSignal {

    /** Maximum time to wait for the current batch, including its retries. Kubernetes kills the pod of a command after 75 seconds. */
    private static final long MAX_SECONDS = 65;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int code;
    private Thread hook;

    private StopSignal() {}

    /** Creates an object that does not wait for a signal yet. The Camel CLI instantiates classes that have a constructor for that. */
    static StopSignal create() {
        return new StopSignal();
    }

    /** Cancels a run when the signal arrives, or immediately if it arrived while the application started. */
    void cancels(Operation operation) {
        Thread stop = new Thread(() -> stop(operation), "stop");
        try {
            Runtime.getRuntime().addShutdownHook(stop);
            hook = stop;
        } catch (IllegalStateException e) {
            operation.cancel();
        }
    }

    private void stop(Operation operation) {
        operation.cancel();
        try {
            if (ended.await(MAX_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(code); // else the process would end with the exit code of the signal
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records that the command has ended. */
    void close(int exitCode) {
        code = exitCode;
        try {
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            // The hook runs, and ends the process.
        }
        ended.countDown();
    }
}

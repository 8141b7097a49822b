// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

/**
 * Thrown when this worker cannot make a thumbnail although nothing is wrong with the picture. Another worker, or this
 * one later, may be able to, so the event is retried.
 *
 * @see UnusableImageException
 */
public final class WorkerLimitException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Codes for the limit that the worker has reached, which programs can compare. */
    public enum Reason {
        /** The picture needs more memory than this worker has. */
        NotEnoughMemory,
        /**
         * The thumbnail was not ready within {@link ImageLimits#wallTime()} although it has not used up its CPU time:
         * the machine is too busy, other pictures hold the memory, or the decoder is blocked.
         */
        WorkerOverloaded,
        /** A native library, or another part of the program, cannot be loaded. */
        MissingLibrary
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason the limit that the worker has reached
     * @param message what was needed and what to change, in one line
     * @param cause the underlying error, or null
     */
    public WorkerLimitException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the limit that the worker has reached. */
    public Reason reason() {
        return reason;
    }

    /** Translates an error of the JVM: it ran out of memory, or could not load a library. */
    static WorkerLimitException translate(Error error) {
        String message = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        return error instanceof OutOfMemoryError
                ? new WorkerLimitException(
                        Reason.NotEnoughMemory,
                        "The worker ran out of memory: " + message + ". Give it more memory",
                        error)
                : new WorkerLimitException(
                        Reason.MissingLibrary,
                        "The worker cannot load a part of its decoders: " + message + ". Its log says why",
                        error);
    }
}

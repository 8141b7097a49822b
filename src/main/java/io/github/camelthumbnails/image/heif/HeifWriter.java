// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.heif.LibHeifApi.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Receives encoded files from libheif in memory. One writer serves all threads, because every native callback takes
 * memory that only the garbage collector can free.
 */
final class HeifWriter {

    /** Value of {@code heif_error_Encoding_error}. */
    private static final int ENCODING_ERROR = 9;

    /** The error messages that libheif gets, which must never be null. */
    private final Memory success = text("Success");

    private final Memory failure = text("Java could not copy the file");

    /** A file, or the error that prevented its copy, for each context that is being written. */
    private final Map<Pointer, Object> results = new ConcurrentHashMap<>();

    /** The native structure, which keeps the callback alive. */
    private final LibHeifEncoderApi.Writer structure = new LibHeifEncoderApi.Writer();

    // Private, because the Camel CLI instantiates every class with another no-argument constructor.
    private HeifWriter() {
        structure.write = this::receive;
        structure.write();
    }

    /** Creates a writer. */
    static HeifWriter create() {
        return new HeifWriter();
    }

    /** Returns the native structure. It must not be used after this writer is garbage. */
    Pointer pointer() {
        return structure.getPointer();
    }

    /**
     * Returns the file that libheif wrote, and forgets it.
     *
     * @param userData the third argument of {@code heif_context_write}
     * @return the file; null if libheif wrote none
     * @throws OutOfMemoryError if the file could not be copied to the heap
     */
    byte[] remove(Pointer userData) {
        Object result = results.remove(userData);
        if (result instanceof Throwable e) {
            OutOfMemoryError error = new OutOfMemoryError("There is not enough memory for the AVIF file.");
            error.initCause(e);
            throw error;
        }
        return (byte[]) result;
    }

    /** Copies a file. Called by libheif. */
    Status receive(Pointer context, Pointer data, NativeLong size, Pointer userData) {
        Status status = new Status();
        try { // nothing must be thrown into native code
            results.put(userData, data.getByteArray(0, Math.toIntExact(size.longValue())));
            status.message = success;
        } catch (Exception | Error e) {
            results.put(userData, e);
            status.code = ENCODING_ERROR;
            status.message = failure;
        }
        status.write(); // JNA does not copy the fields of a returned structure to native memory
        return status;
    }

    private static Memory text(String text) {
        Memory memory = new Memory(text.length() + 1L);
        memory.setString(0, text);
        return memory;
    }
}

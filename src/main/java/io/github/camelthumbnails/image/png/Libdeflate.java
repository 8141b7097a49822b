// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses and decompresses zlib data with the native library libdeflate, if installed (Debian: {@code libdeflate0}).
 * It takes half the time of {@link java.util.zip}, but needs all data in memory.
 */
final class Libdeflate {

    /** Declares the functions of libdeflate.h that this class calls. They are the same in versions 1.0 to 1.24. */
    private interface Api extends Library {

        Pointer libdeflate_alloc_decompressor();

        int libdeflate_zlib_decompress(
                Pointer decompressor, Pointer in, Size inBytes, Pointer out, Size outBytes, PointerByReference actual);

        void libdeflate_free_decompressor(Pointer decompressor);

        Pointer libdeflate_alloc_compressor(int level);

        Size libdeflate_zlib_compress(Pointer compressor, Pointer in, Size inBytes, Pointer out, Size outBytes);

        Size libdeflate_zlib_compress_bound(Pointer compressor, Size inBytes);

        void libdeflate_free_compressor(Pointer compressor);
    }

    /** An integer of the C type {@code size_t}. */
    public static final class Size extends IntegerType {

        private static final long serialVersionUID = 1;

        /** Creates a zero. JNA needs this constructor. */
        public Size() {
            this(0);
        }

        Size(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    /** Name of the library in metrics. */
    static final String NAME = "libdeflate";

    private static final Logger LOG = LoggerFactory.getLogger(Libdeflate.class);
    private static final Optional<Libdeflate> FOUND = load();

    private final Api api;

    private Libdeflate(Api api) {
        this.api = api;
    }

    /** Returns the library, or empty if it is not installed. The log reports once which of the two is the case. */
    static Optional<Libdeflate> find() {
        return FOUND;
    }

    private static Optional<Libdeflate> load() {
        try {
            Api api = JnaLibrary.load("deflate", Api.class);
            LOG.info("PNG compression: libdeflate");
            return Optional.of(new Libdeflate(api));
        } catch (LinkageError e) {
            LOG.info(
                    "PNG compression: JDK (slower than libdeflate). To use libdeflate, install it (Debian, Ubuntu:"
                            + " libdeflate0). {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Decompresses zlib data.
     *
     * @param size exact size of the decompressed data in bytes
     * @return the decompressed data, which the caller closes; empty if the data is broken or of another size
     */
    Optional<Memory> decompress(Memory in, long size) {
        Pointer decompressor = api.libdeflate_alloc_decompressor();
        Memory out = new Memory(size);
        // Null for the actual size makes the library report an error if it differs from the expected one.
        int failed = api.libdeflate_zlib_decompress(decompressor, in, new Size(in.size()), out, new Size(size), null);
        api.libdeflate_free_decompressor(decompressor);
        if (failed != 0) {
            out.close();
            return Optional.empty();
        }
        return Optional.of(out);
    }

    /**
     * Compresses data into the zlib format.
     *
     * @param level compression level, 1 (fast) to 12 (small)
     */
    byte[] compress(Memory in, int level) {
        Pointer compressor = api.libdeflate_alloc_compressor(level);
        Size bound = api.libdeflate_zlib_compress_bound(compressor, new Size(in.size()));
        try (Memory out = new Memory(bound.longValue())) {
            Size length = api.libdeflate_zlib_compress(compressor, in, new Size(in.size()), out, bound);
            return out.getByteArray(0, length.intValue());
        } finally {
            api.libdeflate_free_compressor(compressor);
        }
    }
}

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
 * libdeflate, if the system has it (Debian: {@code libdeflate0}). It does the same as the zlib behind {@link java.util.zip} in half
 * the time, with all of the data in memory.
 */
final class Libdeflate {

    /** Which functions of libdeflate.h are used. They are the same in versions 1.0 to 1.24. */
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

    /** A {@code size_t}. */
    public static final class Size extends IntegerType {

        private static final long serialVersionUID = 1;

        /** For JNA. */
        public Size() {
            this(0);
        }

        Size(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Libdeflate.class);
    private static final Optional<Libdeflate> FOUND = load();

    private final Api api;

    private Libdeflate(Api api) {
        this.api = api;
    }

    /** The library, or nothing if there is none. The log says which, once. */
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
                    "PNG compression: the JDK's, which is slower than libdeflate. To use libdeflate, install it (Debian, Ubuntu:"
                            + " libdeflate0). {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Decompresses zlib data.
     *
     * @param size of what comes out, in bytes
     * @return nothing if the data is broken or if something else comes out
     */
    Optional<Memory> decompress(Memory in, long size) {
        Pointer decompressor = api.libdeflate_alloc_decompressor();
        Memory out = new Memory(size);
        // Without a place for the actual size it is an error if this is another one.
        int failed = api.libdeflate_zlib_decompress(decompressor, in, new Size(in.size()), out, new Size(size), null);
        api.libdeflate_free_decompressor(decompressor);
        if (failed != 0) {
            out.close();
            return Optional.empty();
        }
        return Optional.of(out);
    }

    /**
     * Compresses data as zlib does.
     *
     * @param level 1 to 12
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

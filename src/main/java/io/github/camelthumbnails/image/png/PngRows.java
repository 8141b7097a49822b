// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The rows of a PNG as they are stored, one after the other. */
abstract class PngRows implements AutoCloseable {

    private static final int HEADER_END = 33;

    private PngRows() {}

    /**
     * Starts to decompress the rows.
     *
     * @param size of all rows in bytes
     * @param libdeflate decompresses, if it is there and finds no fault
     */
    static PngRows open(byte[] png, long size, Optional<Libdeflate> libdeflate) {
        Chunks chunks = new Chunks(png);
        Optional<Memory> all = libdeflate.flatMap(library -> decompress(chunks, library, size));
        return all.isPresent() ? new MemoryRows(all.get()) : new InflaterRows(chunks);
    }

    /**
     * Reads the next row.
     *
     * @throws IOException if the file is cut off
     * @throws DataFormatException if the compressed data is broken
     */
    abstract void read(byte[] row) throws IOException, DataFormatException;

    /** @throws DataFormatException if the checksum is wrong */
    @Override
    public abstract void close() throws DataFormatException;

    private static Optional<Memory> decompress(Chunks chunks, Libdeflate library, long size) {
        long length = 0;
        for (int data = chunks.nextData(HEADER_END); data > 0; data = chunks.nextData(chunks.after(data))) {
            length += chunks.length(data);
        }
        if (length == 0) {
            return Optional.empty();
        }
        try (Memory compressed = new Memory(length)) {
            long to = 0;
            for (int data = chunks.nextData(HEADER_END); data > 0; data = chunks.nextData(chunks.after(data))) {
                compressed.write(to, chunks.png, data, chunks.length(data));
                to += chunks.length(data);
            }
            return library.decompress(compressed, size);
        }
    }

    /** The chunks that have the pixels. */
    private record Chunks(byte[] png) {

        /** Where the data of the first chunk with pixels begins, from the start of a chunk on; 0 if there is none. */
        int nextData(int chunk) {
            int start = chunk;
            while (start + 8 <= png.length) {
                if (PngChunks.isType(png, start, "IDAT")) {
                    return start + 8;
                }
                start = after(start + 8);
            }
            return 0;
        }

        /** The length of the data of a chunk, as far as it is there. */
        int length(int data) {
            return (int) Math.min(png.length - data, ByteBuffer.wrap(png).getInt(data - 8) & 0xFFFFFFFFL);
        }

        /** The start of the chunk after the one with this data. */
        int after(int data) {
            return (int) Math.min(png.length, (long) data + length(data) + 4);
        }
    }

    private static final class MemoryRows extends PngRows {

        private final Memory all;
        private long position;

        MemoryRows(Memory all) {
            this.all = all;
        }

        @Override
        void read(byte[] row) {
            all.read(position, row, 0, row.length);
            position += row.length;
        }

        @Override
        public void close() {
            all.close();
        }
    }

    private static final class InflaterRows extends PngRows {

        private final Chunks chunks;
        private final Inflater inflater = new Inflater();
        private int data;

        InflaterRows(Chunks chunks) {
            this.chunks = chunks;
        }

        @Override
        void read(byte[] row) throws IOException, DataFormatException {
            int length = 0;
            while (length < row.length) {
                int count = inflater.inflate(row, length, row.length - length);
                length += count;
                if (count == 0 && !feed()) {
                    throw new IOException("the file is cut off");
                }
            }
        }

        /** Gives the inflater the next chunk of its data, if there is one. */
        private boolean feed() {
            data = inflater.finished() ? 0 : chunks.nextData(data == 0 ? HEADER_END : chunks.after(data));
            if (data > 0) {
                inflater.setInput(chunks.png, data, chunks.length(data));
            }
            return data > 0;
        }

        @Override
        public void close() throws DataFormatException {
            try {
                // Verifies the checksum, if there is one. It may be in a chunk of its own.
                while (inflater.inflate(new byte[1]) == 0 && feed()) {}
            } finally {
                inflater.end();
            }
        }
    }
}

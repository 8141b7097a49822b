// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decompresses the rows of a PNG one by one. {@link PngFilters} then reverses their filters. */
abstract class PngRows implements AutoCloseable {

    /** End of the header chunk IHDR, which is always the first. */
    private static final int HEADER_END = 33;

    private PngRows() {}

    /**
     * Starts to decompress the rows.
     *
     * @param size size of all decompressed rows in bytes
     * @param libdeflate the native library to use if it can decompress the data; the JDK is used otherwise
     */
    static PngRows open(byte[] png, long size, Optional<Libdeflate> libdeflate) {
        DataChunks chunks = new DataChunks(png);
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

    /**
     * Releases the memory and verifies the checksum of the compressed data.
     *
     * @throws DataFormatException if the checksum is wrong
     */
    @Override
    public abstract void close() throws DataFormatException;

    private static Optional<Memory> decompress(DataChunks chunks, Libdeflate library, long size) {
        long length = 0;
        for (int data = chunks.nextData(HEADER_END); data > 0; data = chunks.nextData(chunks.chunkAfter(data))) {
            length += chunks.length(data);
        }
        if (length == 0) {
            return Optional.empty();
        }
        try (Memory compressed = new Memory(length)) {
            long to = 0;
            for (int data = chunks.nextData(HEADER_END); data > 0; data = chunks.nextData(chunks.chunkAfter(data))) {
                compressed.write(to, chunks.png, data, chunks.length(data));
                to += chunks.length(data);
            }
            return library.decompress(compressed, size);
        }
    }

    /** Iterates over the data chunks (IDAT), which together hold the compressed pixels. */
    private record DataChunks(byte[] png) {

        /**
         * Returns where the data of the next IDAT chunk begins, searching from the chunk at this offset. Returns 0 if
         * there is none.
         */
        int nextData(int chunk) {
            int start = chunk;
            while (start + 8 <= png.length) {
                if (PngChunks.isType(png, start, "IDAT")) {
                    return start + 8;
                }
                start = chunkAfter(start + 8);
            }
            return 0;
        }

        /** Returns the length of the data of a chunk, or of the part that a truncated file contains. */
        int length(int data) {
            return (int) Math.min(png.length - data, ByteBuffer.wrap(png).getInt(data - 8) & 0xFFFFFFFFL);
        }

        /** Returns the offset of the chunk after the one whose data begins at this offset. */
        int chunkAfter(int data) {
            return (int) Math.min(png.length, (long) data + length(data) + 4);
        }
    }

    /** Reads rows that libdeflate has decompressed all at once. */
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

    /** Decompresses each row when it is read, with the JDK's inflater. */
    private static final class InflaterRows extends PngRows {

        private final DataChunks chunks;
        private final Inflater inflater = new Inflater();
        private int data;

        InflaterRows(DataChunks chunks) {
            this.chunks = chunks;
        }

        @Override
        void read(byte[] row) throws IOException, DataFormatException {
            int length = 0;
            while (length < row.length) {
                int count = inflater.inflate(row, length, row.length - length);
                length += count;
                if (count == 0 && !feedNextChunk()) {
                    throw new IOException("the file is cut off");
                }
            }
        }

        /** Passes the next data chunk to the inflater. Returns false if there is none. */
        private boolean feedNextChunk() {
            data = inflater.finished() ? 0 : chunks.nextData(data == 0 ? HEADER_END : chunks.chunkAfter(data));
            if (data > 0) {
                inflater.setInput(chunks.png, data, chunks.length(data));
            }
            return data > 0;
        }

        @Override
        public void close() throws DataFormatException {
            try {
                // Verifies the checksum if there is one. It may be in a chunk of its own.
                while (inflater.inflate(new byte[1]) == 0 && feedNextChunk()) {}
            } finally {
                inflater.end();
            }
        }
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * An input stream over the body of an HTTP request that is still being received. The event loop adds buffers, and a
 * worker thread reads them. Only a few buffers are requested from the connection at a time, so memory use depends
 * neither on the size of the body nor on the speed of its reader.
 *
 * <p>The last bytes are passed on only after the checksums were verified. Without them, S3 does not store the object.
 */
final class RequestStream extends InputStream {

    /** Unit in which memory is acquired. It is small because a thousand clients may have sent only a little each. */
    private static final int SEGMENT_BYTES = 16 * 1024;

    /** Maximum number of buffers that wait for the reader. A buffer of the HTTP server has up to 16 KiB, often one TCP segment. */
    private static final int MAX_BUFFERS_AHEAD = 16;

    /**
     * Number of received buffers that wakes the worker. Waking it for every buffer would cost too many context
     * switches.
     */
    private static final int WAKE_UP_BUFFERS = 8;

    /** Time after which a waiting worker looks for buffers in any case. */
    private static final long WAKE_UP_MILLIS = 500;

    private static final Object END = new Object();
    private static final Object CANCELLED = new Object();

    private final HttpServerRequest request;
    private final long length;
    private final long maxBytes;
    private final Checksums checksums;
    private final AwsChunkedDecoder decoder;
    private final Duration idleTimeout;

    /**
     * Received buffers, followed by END, CANCELLED or the Throwable that ended the connection. Its own monitor guards
     * it.
     */
    private final Queue<Object> received = new ArrayDeque<>();
    /** Items that the worker has moved here from {@link #received} to read them without locking. */
    private final Queue<Object> toRead = new ArrayDeque<>();

    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private BodyMemory memory;
    private int aheadPosition;
    private int aheadEnd;
    private Buffer buffer = Buffer.buffer();
    private int position;
    private boolean ended;

    // Read by other threads.
    private final UploadRate rate;
    private volatile long receivedBytes;
    private volatile boolean cancelled;

    /**
     * @param request a paused request
     * @param length announced length of the body, or -1 if none was announced
     * @param maxBytes maximum length of a body without an announced length
     * @param checksums announced checksums of the body
     * @param decoder decoder of an {@code aws-chunked} body, otherwise null; length and checksums are those of the
     *     decoded body
     * @param idleTimeout how long to wait for the client's next bytes
     */
    RequestStream(
            HttpServerRequest request,
            long length,
            long maxBytes,
            Checksums checksums,
            AwsChunkedDecoder decoder,
            Duration idleTimeout) {
        this(request, length, maxBytes, checksums, decoder, idleTimeout, new UploadRate(System::nanoTime));
    }

    RequestStream(
            HttpServerRequest request,
            long length,
            long maxBytes,
            Checksums checksums,
            AwsChunkedDecoder decoder,
            Duration idleTimeout,
            UploadRate rate) {
        this.request = request;
        this.length = length;
        this.maxBytes = maxBytes;
        this.checksums = checksums;
        this.decoder = decoder;
        this.idleTimeout = idleTimeout;
        this.rate = rate;
    }

    /** Starts receiving the body. */
    void open() {
        request.exceptionHandler(this::add);
        request.endHandler(end -> add(END));
        request.handler(this::add);
        if (request.response().closed()) { // it was closed before the handlers were set
            add(new ClosedChannelException());
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.fetch(MAX_BUFFERS_AHEAD);
    }

    /**
     * Receives the body into memory until it ends, exceeds a limit, or no memory is left. A slow client with a small
     * body therefore occupies only memory while it sends, and no connection to S3.
     *
     * @param maxBytesAhead stop when more than this was received
     * @param memory where to acquire memory, which is released when it has been read or by {@link #releaseMemory}
     * @throws IOException for the same reasons as {@link #read(byte[], int, int)}
     */
    void receiveAhead(int maxBytesAhead, BodyMemory memory) throws IOException {
        this.memory = memory;
        do {
            receive();
            while (position < buffer.length()) {
                if (aheadEnd % SEGMENT_BYTES == 0) {
                    if (!memory.tryAcquire(SEGMENT_BYTES)) {
                        return;
                    }
                    ahead.add(new byte[SEGMENT_BYTES]);
                }
                int offset = aheadEnd % SEGMENT_BYTES;
                int copied = Math.min(buffer.length() - position, SEGMENT_BYTES - offset);
                buffer.getBytes(position, position + copied, ahead.getLast(), offset);
                position += copied;
                aheadEnd += copied;
            }
        } while (!ended && receivedBytes <= maxBytesAhead);
    }

    /** Releases the memory of the bytes that were received ahead. The stream must not be read afterwards. */
    void releaseMemory() {
        aheadPosition = aheadEnd;
        while (ahead.poll() != null) {
            memory.release(SEGMENT_BYTES);
        }
    }

    /**
     * Returns the length of the body: the received length once it is complete, until then the announced one, or -1 if
     * unknown.
     */
    long length() {
        return ended ? receivedBytes : length;
    }

    /** Returns the number of bytes received so far, decoded. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Returns whether the whole body was received. */
    boolean isComplete() {
        return ended;
    }

    /** Returns the current upload rate of the client. */
    double bytesPerSecond() {
        return rate.bytesPerSecond();
    }

    /** Cancels this upload to free its slot for a faster client. */
    void cancel() {
        cancelled = true;
        add(CANCELLED);
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException if the client sends nothing for too long, sends too much, does not send what it has
     *     announced, or disconnects, or if the upload was cancelled; its cause is a {@link RequestRefusedException}
     */
    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        if (count == 0) {
            return 0;
        }
        if (aheadPosition < aheadEnd) {
            return readAhead(target, offset, count);
        }
        while (!ended && position == buffer.length()) {
            receive();
        }
        if (position == buffer.length()) {
            return -1;
        }
        int copied = Math.min(count, buffer.length() - position);
        buffer.getBytes(position, position + copied, target, offset);
        position += copied;
        return copied;
    }

    private int readAhead(byte[] target, int offset, int count) {
        int start = aheadPosition % SEGMENT_BYTES;
        int copied = Math.min(count, Math.min(SEGMENT_BYTES - start, aheadEnd - aheadPosition));
        System.arraycopy(ahead.getFirst(), start, target, offset, copied);
        aheadPosition += copied;
        if (start + copied == SEGMENT_BYTES || aheadPosition == aheadEnd) {
            ahead.removeFirst();
            memory.release(SEGMENT_BYTES);
        }
        return copied;
    }

    /** Receives the next buffer. The last bytes of an encoded body are received together with its trailers. */
    private void receive() throws IOException {
        do {
            receiveNext();
        } while (decoder != null && receivedBytes == length && !ended);
    }

    private void receiveNext() throws IOException {
        Object item = next();
        if (cancelled) {
            throw refused(RequestRefusedException.timeout(
                    "The upload was cancelled for another one, because it is slower than upload.minBytesPerSecond."
                            + " Send it again later."));
        } else if (item == null) {
            throw refused(RequestRefusedException.timeout("The client sent nothing for " + idleTimeout.toSeconds()
                    + " s (upload.idleSeconds). Send the body again."));
        } else if (item instanceof Buffer next) {
            accept(next);
        } else if (item == END) {
            if (length < 0 || decoder != null) {
                check();
            }
            ended = true;
        } else {
            throw refused(RequestRefusedException.incompleteBody(
                    "The connection was lost before the end of the body. Send it again."));
        }
    }

    private void add(Object item) {
        synchronized (received) {
            received.add(item);
            if (received.size() >= WAKE_UP_BUFFERS || !(item instanceof Buffer)) {
                received.notifyAll();
            }
        }
    }

    /** Returns the next item, or null if the client has sent nothing for too long. */
    private Object next() throws IOException {
        if (toRead.isEmpty()) {
            awaitItems();
            requestMore(toRead.stream().filter(Buffer.class::isInstance).count());
        }
        return toRead.poll();
    }

    private void awaitItems() throws IOException {
        long startNanos = System.nanoTime();
        synchronized (received) {
            rate.startWaiting();
            try {
                long remainingMillis = idleTimeout.toMillis();
                while (received.isEmpty() && remainingMillis > 0) {
                    received.wait(Math.min(remainingMillis, WAKE_UP_MILLIS));
                    remainingMillis =
                            idleTimeout.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the client was sending");
            } finally {
                rate.stopWaiting(received.stream()
                        .mapToLong(item -> item instanceof Buffer bytes ? bytes.length() : 0)
                        .sum());
            }
            toRead.addAll(received);
            received.clear();
        }
    }

    private void accept(Buffer received) throws IOException {
        Buffer next = decode(received);
        if (next.length() == 0) {
            return;
        }
        receivedBytes += next.length();
        if (length < 0 && receivedBytes > maxBytes) {
            throw refused(RequestRefusedException.contentTooLarge("The body has more than " + maxBytes
                    + " bytes, the maximum (upload.maxBytes). Send a smaller file."));
        }
        checksums.update(next);
        if (receivedBytes == length && decoder == null) {
            check();
        }
        buffer = next;
        position = 0;
    }

    private Buffer decode(Buffer received) throws IOException {
        try {
            return decoder == null ? received : decoder.decode(received);
        } catch (RequestRefusedException e) {
            throw refused(e);
        }
    }

    private void check() throws IOException {
        try {
            checksums.check(decoder == null ? Map.of() : decoder.finish());
        } catch (RequestRefusedException e) {
            throw refused(e);
        }
    }

    private static IOException refused(RequestRefusedException cause) {
        return new IOException(cause.getMessage(), cause);
    }

    private void requestMore(long buffers) {
        if (buffers == 0) {
            return;
        }
        try {
            request.fetch(buffers);
        } catch (IllegalStateException e) {
            // HTTP/2 throws this when the whole body has arrived. The rest of it is in the queue.
        }
    }
}

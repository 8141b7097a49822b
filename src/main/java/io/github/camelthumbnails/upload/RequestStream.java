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
 * The body of a running HTTP request as a stream, for a worker thread. It takes a few buffers at a time from the connection,
 * so that memory stays the same whatever the size of the body and however slow its reader.
 *
 * <p>Its last bytes are passed on only when the checksums are right: S3 stores no object of which some are missing.
 */
final class RequestStream extends InputStream {

    /** In which steps memory is taken, in bytes: small, for a thousand clients may have sent little. */
    private static final int SEGMENT_BYTES = 16 * 1024;

    /** What may come before it is asked for: HTTP has buffers of up to 8 KiB. */
    private static final int BUFFERS_AHEAD = 32;

    /** With how many of them the worker is woken, for each time costs a change of threads; and after how long in any case. */
    private static final int BUFFERS_TO_WAKE = 16;

    private static final long MILLIS_TO_WAKE = 500;

    private static final Object END = new Object();
    private static final Object GIVEN_UP = new Object();

    private final HttpServerRequest request;
    private final long length;
    private final long maxBytes;
    private final Checksums checksums;
    private final AwsChunkedDecoder decoder;
    private final Duration idleTimeout;
    /** Buffers, then END, GIVEN_UP or the Throwable that cut the body off; it guards itself. */
    private final Queue<Object> received = new ArrayDeque<>();
    /** What the worker has taken of these. */
    private final Queue<Object> taken = new ArrayDeque<>();

    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private BodyMemory memory;
    private int aheadPosition;
    private int aheadEnd;
    private Buffer buffer = Buffer.buffer();
    private int position;
    private boolean ended;

    // Others look at these.
    private final UploadRate rate;
    private volatile long total;
    private volatile boolean givenUp;

    /**
     * @param request a paused request
     * @param length of the body as it was announced, or -1 if it was not
     * @param maxBytes of a body whose length was not announced
     * @param checksums of the body as they were announced
     * @param decoder of the body if it is {@code aws-chunked}, else null; length and checksums are those of the decoded body
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

    /** Starts to receive. */
    void open() {
        request.exceptionHandler(this::add);
        request.endHandler(end -> add(END));
        request.handler(this::add);
        if (request.response().closed()) { // before there was a handler to be told
            add(new ClosedChannelException());
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.fetch(BUFFERS_AHEAD);
    }

    /**
     * Receives the whole body if it is not too large, or as much as there is memory for. So a slow client holds nothing but
     * its bytes while it sends them: no connection to S3.
     *
     * @param most to receive, in bytes
     * @param memory to keep it in, until it is read or {@link #giveBack} is called
     * @throws IOException as {@link #read(byte[], int, int)} does
     */
    void receiveAhead(int most, BodyMemory memory) throws IOException {
        this.memory = memory;
        do {
            receive();
            while (position < buffer.length()) {
                if (aheadEnd % SEGMENT_BYTES == 0) {
                    if (!memory.take(SEGMENT_BYTES)) {
                        return;
                    }
                    ahead.add(new byte[SEGMENT_BYTES]);
                }
                int offset = aheadEnd % SEGMENT_BYTES;
                int some = Math.min(buffer.length() - position, SEGMENT_BYTES - offset);
                buffer.getBytes(position, position + some, ahead.getLast(), offset);
                position += some;
                aheadEnd += some;
            }
        } while (!ended && total <= most);
    }

    /** Gives the memory of what was received ahead back. It is not to be read any more. */
    void giveBack() {
        aheadPosition = aheadEnd;
        while (ahead.poll() != null) {
            memory.giveBack(SEGMENT_BYTES);
        }
    }

    /** Of the body, once all of it has come; else as it was announced, or -1 if it was not. */
    long length() {
        return ended ? total : length;
    }

    /** How many bytes have come so far. */
    long total() {
        return total;
    }

    /** Whether all bytes have come. */
    boolean isComplete() {
        return ended;
    }

    /** Returns how fast the client has been sending lately. */
    double bytesPerSecond() {
        return rate.bytesPerSecond();
    }

    /** Cancels this upload to free its slot for a faster client. */
    void giveUp() {
        givenUp = true;
        add(GIVEN_UP);
    }

    boolean isGivenUp() {
        return givenUp;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException if the client sends nothing for too long, too much or something else than what it has announced, or goes
     *     away; its cause is a {@link RequestRefusedException} that says so
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
        int some = Math.min(count, buffer.length() - position);
        buffer.getBytes(position, position + some, target, offset);
        position += some;
        return some;
    }

    private int readAhead(byte[] target, int offset, int count) {
        int start = aheadPosition % SEGMENT_BYTES;
        int some = Math.min(count, Math.min(SEGMENT_BYTES - start, aheadEnd - aheadPosition));
        System.arraycopy(ahead.getFirst(), start, target, offset, some);
        aheadPosition += some;
        if (start + some == SEGMENT_BYTES || aheadPosition == aheadEnd) {
            ahead.removeFirst();
            memory.giveBack(SEGMENT_BYTES);
        }
        return some;
    }

    /** Receives the next bytes; the last bytes of an encoded body only together with its trailers. */
    private void receive() throws IOException {
        do {
            receiveNext();
        } while (decoder != null && total == length && !ended);
    }

    private void receiveNext() throws IOException {
        Object item = next();
        if (givenUp) {
            throw refused(RequestRefusedException.timeout(
                    "Others wait, and this upload is slower than upload.minBytesPerSecond: send it again later"));
        } else if (item == null) {
            throw refused(RequestRefusedException.timeout(
                    "Nothing came for " + idleTimeout.toSeconds() + " s (upload.idleSeconds)"));
        } else if (item instanceof Buffer next) {
            take(next);
        } else if (item == END) {
            if (length < 0 || decoder != null) {
                check();
            }
            ended = true;
        } else {
            throw refused(RequestRefusedException.incompleteBody("The body was cut off"));
        }
    }

    private void add(Object item) {
        synchronized (received) {
            received.add(item);
            if (received.size() >= BUFFERS_TO_WAKE || !(item instanceof Buffer)) {
                received.notifyAll();
            }
        }
    }

    /** What has come next, or null if nothing came for too long. */
    private Object next() throws IOException {
        if (taken.isEmpty()) {
            await();
            askForMore(taken.stream().filter(Buffer.class::isInstance).count());
        }
        return taken.poll();
    }

    private void await() throws IOException {
        long since = System.nanoTime();
        synchronized (received) {
            rate.startWaiting();
            try {
                long left = idleTimeout.toMillis();
                while (received.isEmpty() && left > 0) {
                    received.wait(Math.min(left, MILLIS_TO_WAKE));
                    left = idleTimeout.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the client was sending");
            } finally {
                rate.stopWaiting(received.stream()
                        .mapToLong(item -> item instanceof Buffer bytes ? bytes.length() : 0)
                        .sum());
            }
            taken.addAll(received);
            received.clear();
        }
    }

    private void take(Buffer received) throws IOException {
        Buffer next = decode(received);
        if (next.length() == 0) {
            return;
        }
        total += next.length();
        if (length < 0 && total > maxBytes) {
            throw refused(RequestRefusedException.contentTooLarge(
                    "The body has more than " + maxBytes + " bytes, which is all that is taken (upload.maxBytes)"));
        }
        checksums.update(next);
        if (total == length && decoder == null) {
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

    private void askForMore(long buffers) {
        if (buffers == 0) {
            return;
        }
        try {
            request.fetch(buffers);
        } catch (IllegalStateException e) {
            // So says HTTP/2 when all has come in: what is left is in the queue.
        }
    }
}

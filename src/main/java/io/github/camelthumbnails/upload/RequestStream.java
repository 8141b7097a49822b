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
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a running HTTP request as a stream, for a worker thread. It takes a few buffers at a time from the connection,
 * so that memory stays the same whatever the size of the body and however slow its reader.
 *
 * <p>Its last bytes are passed on only when the checksums are right: S3 stores no object of which some are missing.
 */
final class RequestStream extends InputStream {

    /** What a small body may have ahead of its reader, in bytes. */
    private static final int LEAST_AHEAD = 16 * 1024;

    private static final int BUFFERS_AHEAD = 4;

    /** How long one has to have waited for a client before it can be called slow. */
    private static final double SECONDS_TO_JUDGE = 5;

    private static final Object END = new Object();
    private static final Object GIVEN_UP = new Object();

    private final HttpServerRequest request;
    private final long length;
    private final long maxBytes;
    private final Checksums checksums;
    private final Duration idleTimeout;
    /** Buffers, then END, GIVEN_UP or the Throwable that cut the body off. */
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private BodyMemory memory;
    private byte[] ahead = {};
    private int aheadPosition;
    private int aheadEnd;
    private Buffer buffer = Buffer.buffer();
    private int position;
    private boolean ended;

    // Others look at these.
    private volatile long total;
    private volatile long waitedNanos;
    private volatile long waitingSince;
    private volatile boolean givenUp;

    /**
     * @param request a paused request
     * @param length of the body as it was announced, or -1 if it was not
     * @param maxBytes of a body whose length was not announced
     * @param checksums of the body as they were announced
     * @param idleTimeout how long to wait for the client's next bytes
     */
    RequestStream(HttpServerRequest request, long length, long maxBytes, Checksums checksums, Duration idleTimeout) {
        this.request = request;
        this.length = length;
        this.maxBytes = maxBytes;
        this.checksums = checksums;
        this.idleTimeout = idleTimeout;
    }

    /** Starts to receive. */
    void open() {
        request.exceptionHandler(received::add);
        request.endHandler(end -> received.add(END));
        request.handler(received::add);
        if (request.response().closed()) { // before there was a handler to be told
            received.add(new ClosedChannelException());
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
        for (receive(); !ended; receive()) {
            int end = aheadEnd + buffer.length();
            if (end > most) {
                return;
            }
            if (end > ahead.length) {
                int larger = (int) Math.min(
                        Math.max(end, Math.min(most, Math.max(LEAST_AHEAD, 2 * ahead.length))),
                        length < 0 ? most : length);
                if (!memory.take(larger - ahead.length)) {
                    return;
                }
                ahead = Arrays.copyOf(ahead, larger);
            }
            buffer.getBytes(ahead, aheadEnd);
            aheadEnd = end;
            position = buffer.length();
        }
    }

    /** Gives the memory of what was received ahead back. It is not to be read any more. */
    void giveBack() {
        if (ahead.length > 0) {
            memory.giveBack(ahead.length);
            ahead = new byte[0];
            aheadEnd = aheadPosition;
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

    /** How many bytes came for each second that was waited for them; as many as can be if that was not long yet. */
    double bytesPerSecond() {
        long since = waitingSince;
        double seconds = (waitedNanos + (since == 0 ? 0 : System.nanoTime() - since)) / 1e9;
        return seconds < SECONDS_TO_JUDGE ? Double.POSITIVE_INFINITY : total / seconds;
    }

    /** Ends it for the sake of others, once. */
    void giveUp() {
        givenUp = true;
        received.add(GIVEN_UP);
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
            int some = Math.min(count, aheadEnd - aheadPosition);
            System.arraycopy(ahead, aheadPosition, target, offset, some);
            aheadPosition += some;
            if (aheadPosition == aheadEnd) {
                giveBack();
            }
            return some;
        }
        while (!ended && position == buffer.length()) {
            receive();
        }
        if (ended) {
            return -1;
        }
        int some = Math.min(count, buffer.length() - position);
        buffer.getBytes(position, position + some, target, offset);
        position += some;
        return some;
    }

    private void receive() throws IOException {
        Object item = await();
        if (givenUp) {
            throw refused(RequestRefusedException.timeout(
                    "Others wait, and this upload is slower than upload.minBytesPerSecond: send it again later"));
        } else if (item == null) {
            throw refused(RequestRefusedException.timeout(
                    "Nothing came for " + idleTimeout.toSeconds() + " s (upload.idleSeconds)"));
        } else if (item instanceof Buffer next) {
            take(next);
            askForMore();
        } else if (item == END) {
            if (length < 0) {
                check();
            }
            ended = true;
        } else {
            throw refused(RequestRefusedException.badRequest("The body was cut off"));
        }
    }

    private Object await() throws IOException {
        Object item = received.poll();
        if (item != null) {
            return item;
        }
        long since = System.nanoTime();
        waitingSince = since;
        try {
            return received.poll(idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the client was sending");
        } finally {
            waitingSince = 0;
            waitedNanos += System.nanoTime() - since;
        }
    }

    private void take(Buffer next) throws IOException {
        total += next.length();
        if (length < 0 && total > maxBytes) {
            throw refused(RequestRefusedException.contentTooLarge(
                    "The body has more than " + maxBytes + " bytes, which is all that is taken (upload.maxBytes)"));
        }
        checksums.update(next);
        if (total == length) {
            check();
        }
        buffer = next;
        position = 0;
    }

    private void check() throws IOException {
        try {
            checksums.check();
        } catch (RequestRefusedException e) {
            throw refused(e);
        }
    }

    private static IOException refused(RequestRefusedException cause) {
        return new IOException(cause.getMessage(), cause);
    }

    private void askForMore() {
        try {
            request.fetch(1);
        } catch (IllegalStateException e) {
            // So says HTTP/2 when all has come in: what is left is in the queue.
        }
    }
}

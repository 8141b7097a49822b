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

    private static final int BUFFERS_AHEAD = 4;

    private static final Object END = new Object();

    private final HttpServerRequest request;
    private final long length;
    private final long maxBytes;
    private final Checksums checksums;
    private final Duration idleTimeout;
    /** Buffers, then END or the Throwable that cut the body off. */
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private Buffer buffer = Buffer.buffer();
    private int position;
    private long total;
    private boolean ended;

    /**
     * Starts to receive.
     *
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

    /** Of the body as it was announced, or -1 if it was not. */
    long length() {
        return length;
    }

    /** How many bytes have come so far. */
    long total() {
        return total;
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
        Object item;
        try {
            item = received.poll(idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the client was sending");
        }
        if (item == null) {
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

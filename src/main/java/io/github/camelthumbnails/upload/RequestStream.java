// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a running HTTP request as a stream, for a worker thread. It takes a few buffers at a time from the connection,
 * so that memory stays the same whatever the size of the body and however slow its reader.
 */
final class RequestStream extends InputStream {

    private static final int BUFFERS_AHEAD = 4;

    private static final Object END = new Object();

    private final HttpServerRequest request;
    private final Duration idleTimeout;
    /** Buffers, then END or the Throwable that cut the body off. */
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private Buffer buffer = Buffer.buffer();
    private int position;
    private boolean ended;

    /**
     * Starts to receive.
     *
     * @param request a paused request
     * @param idleTimeout how long to wait for the client's next bytes
     */
    RequestStream(HttpServerRequest request, Duration idleTimeout) {
        this.request = request;
        this.idleTimeout = idleTimeout;
        request.exceptionHandler(received::add);
        request.endHandler(end -> received.add(END));
        request.handler(received::add);
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.fetch(BUFFERS_AHEAD);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws SocketTimeoutException if the client sends nothing for too long
     * @throws SocketException if the client goes away
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (!ended && position == buffer.length()) {
            receive();
        }
        if (ended) {
            return -1;
        }
        int count = Math.min(length, buffer.length() - position);
        buffer.getBytes(position, position + count, target, offset);
        position += count;
        return count;
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
            throw new SocketTimeoutException("the client sent nothing for " + idleTimeout.toSeconds() + " s");
        } else if (item instanceof Buffer next) {
            buffer = next;
            position = 0;
            askForMore();
        } else if (item == END) {
            ended = true;
        } else {
            throw new SocketException("the client went away: " + item);
        }
    }

    private void askForMore() {
        try {
            request.fetch(1);
        } catch (IllegalStateException e) {
            // So says HTTP/2 when all has come in: what is left is in the queue.
        }
    }
}

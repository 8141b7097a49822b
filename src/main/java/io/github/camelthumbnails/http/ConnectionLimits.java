// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Limits the number of connections of one HTTP server. When all are in use, a new connection replaces the one that has waited longest
 * for its next request: an idle or half-open connection never keeps a client out. Only if every connection has a request in
 * progress, the new one is answered 503 and closed.
 */
final class ConnectionLimits {

    private static final String BUSY_BODY =
            HttpServers.problemBody(503, "Service Unavailable", "There are too many connections. Try again later.");

    private static final byte[] BUSY = ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
                    + "Content-Type: application/problem+json\r\nContent-Length: " + BUSY_BODY.length() + "\r\n\r\n"
                    + BUSY_BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private final int max;
    private int open;

    /** Connections without a request in progress; the one that has waited longest comes first. */
    private final Set<ConnectionGuard> waiting = new LinkedHashSet<>();

    /** @param max maximum number of connections */
    ConnectionLimits(int max) {
        this.max = max;
    }

    /** Watches a new connection, or refuses it. */
    void accept(HttpConnection connection) {
        Channel channel = ((HttpServerConnection) connection).channel();
        if (!admit()) {
            // Not through the encoder, which takes only HTTP objects.
            channel.pipeline()
                    .context(HttpRequestDecoder.class)
                    .writeAndFlush(Unpooled.wrappedBuffer(BUSY))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ConnectionGuard guard = new ConnectionGuard(this);
        connection.closeHandler(closed -> closed(guard));
        channel.pipeline().addBefore("handler", "guard", guard);
    }

    /** Counts a new connection, and closes one that waits if there are too many. */
    boolean admit() {
        ConnectionGuard replaced = null;
        synchronized (this) {
            if (open >= max) {
                Iterator<ConnectionGuard> oldest = waiting.iterator();
                if (!oldest.hasNext()) {
                    return false;
                }
                replaced = oldest.next();
                oldest.remove();
                replaced.leaveCount();
                open--;
            }
            open++;
        }
        if (replaced != null) {
            replaced.close();
        }
        return true;
    }

    /** Notes that a connection waits for its next request. */
    synchronized void waits(ConnectionGuard guard) {
        if (guard.isCounted()) {
            waiting.add(guard);
        }
    }

    /** Notes that a connection has a request in progress. */
    synchronized void works(ConnectionGuard guard) {
        waiting.remove(guard);
    }

    /** Forgets a connection. */
    synchronized void closed(ConnectionGuard guard) {
        waiting.remove(guard);
        if (guard.isCounted()) {
            guard.leaveCount();
            open--;
        }
    }

    /** Returns the number of connections. */
    synchronized int open() {
        return open;
    }
}

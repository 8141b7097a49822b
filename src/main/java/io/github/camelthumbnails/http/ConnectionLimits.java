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
 * Limits the number of connections of one HTTP server. When the limit is reached, a new connection replaces the one
 * that has been idle for longest, so idle and half-open connections never block a client. Only if every connection has
 * a request in progress, the new one is answered with 503 and closed.
 */
final class ConnectionLimits {

    private static final String BUSY_BODY =
            HttpServers.problemBody(503, "Service Unavailable", "There are too many connections. Try again later.");

    private static final byte[] BUSY_RESPONSE =
            ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
                            + "Content-Type: application/problem+json\r\nContent-Length: " + BUSY_BODY.length()
                            + "\r\n\r\n"
                            + BUSY_BODY)
                    .getBytes(StandardCharsets.US_ASCII);

    private final int maxConnections;
    private final Runnable refusals;
    private int openConnections;

    /** Connections without a request in progress, the one that has been idle for longest first. */
    private final Set<ConnectionGuard> idle = new LinkedHashSet<>();

    /**
     * @param maxConnections maximum number of connections
     * @param refusals runs after each connection that was answered with 503
     */
    ConnectionLimits(int maxConnections, Runnable refusals) {
        this.maxConnections = maxConnections;
        this.refusals = refusals;
    }

    /** Accepts a new connection and adds its {@link ConnectionGuard}, or answers it with 503. */
    void accept(HttpConnection connection) {
        Channel channel = ((HttpServerConnection) connection).channel();
        if (!admit()) {
            // Bypass the response encoder, which accepts only HTTP objects.
            channel.pipeline()
                    .context(HttpRequestDecoder.class)
                    .writeAndFlush(Unpooled.wrappedBuffer(BUSY_RESPONSE))
                    .addListener(ChannelFutureListener.CLOSE);
            refusals.run();
            return;
        }
        ConnectionGuard guard = new ConnectionGuard(this);
        connection.closeHandler(closed -> remove(guard));
        channel.pipeline().addBefore("handler", "guard", guard);
    }

    /** Counts a new connection, closing an idle one if the limit is reached. Returns false if no connection is idle. */
    boolean admit() {
        ConnectionGuard replaced = null;
        synchronized (this) {
            if (openConnections >= maxConnections) {
                Iterator<ConnectionGuard> longestIdle = idle.iterator();
                if (!longestIdle.hasNext()) {
                    return false;
                }
                replaced = longestIdle.next();
                longestIdle.remove();
                replaced.stopCounting();
                openConnections--;
            }
            openConnections++;
        }
        if (replaced != null) {
            replaced.close();
        }
        return true;
    }

    /** Records that a connection has no request in progress. */
    synchronized void markIdle(ConnectionGuard guard) {
        if (guard.isCounted()) {
            idle.add(guard);
        }
    }

    /** Records that a connection has a request in progress. */
    synchronized void markActive(ConnectionGuard guard) {
        idle.remove(guard);
    }

    /** Removes a closed connection from the count. */
    synchronized void remove(ConnectionGuard guard) {
        idle.remove(guard);
        if (guard.isCounted()) {
            guard.stopCounting();
            openConnections--;
        }
    }

    /** Returns the number of open connections. */
    synchronized int openConnections() {
        return openConnections;
    }
}

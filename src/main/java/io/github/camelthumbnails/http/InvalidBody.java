// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Remembers that the last request of a connection was answered with 400 because of its body, without Vert.x. To Vert.x, its client has
 * disconnected.
 */
public final class InvalidBody {

    private static final AttributeKey<String> PROBLEM = AttributeKey.valueOf(InvalidBody.class, "problem");

    private InvalidBody() {}

    /** Answers the request with 400, and closes the connection. */
    static void answer(ChannelHandlerContext context, String cause) {
        String problem = "The chunked body is not valid: " + cause + ". Send valid chunks.";
        context.channel().attr(PROBLEM).set(problem);
        context.writeAndFlush(HttpServers.problem(400, "Bad Request", problem))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Returns the problem of a request's body that was the reason to close its connection, or null if there is none. */
    public static String problemOf(HttpServerRequest request) {
        return request.connection() instanceof HttpServerConnection connection
                ? connection.channel().attr(PROBLEM).get()
                : null;
    }
}

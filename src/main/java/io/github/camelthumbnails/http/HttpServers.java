// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjIntConsumer;
import java.util.regex.Pattern;

/**
 * Wraps Vert.x to limit the connections of the HTTP servers that Camel creates. Camel starts two servers, the public
 * one and the one for health and metrics, with default options that cannot be configured. This class changes the
 * options before they reach Vert.x, and adds a {@link ConnectionGuard} to each connection.
 *
 * <p>HTTP/2 is disabled. Gateways use HTTP/1.1 to the servers behind them, and HTTP/2 has been a source of attacks.
 */
public final class HttpServers extends VertxWrapper {

    /** Maximum bytes of a body that arrive as one buffer. The default is 8 KiB. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private static final Pattern INVALID_ESCAPE = Pattern.compile("[^?]*%(?![0-9A-Fa-f]{2})");

    private final int managementPort;
    private final ConnectionLimits publicLimits;
    private final ConnectionLimits managementLimits;
    private final ObjIntConsumer<HttpServerRequest> invalidRequests;

    /**
     * @param vertx the instance to wrap
     * @param managementPort the port of the server for health and metrics
     * @param publicConnections maximum number of public connections
     * @param managementConnections maximum number of connections to the management port
     * @param refusedConnections runs for each public connection that is answered with 503, because all others are busy
     * @param invalidRequests receives each request to the public port that is not valid HTTP, and the status of its response
     */
    public HttpServers(
            VertxInternal vertx,
            int managementPort,
            int publicConnections,
            int managementConnections,
            Runnable refusedConnections,
            ObjIntConsumer<HttpServerRequest> invalidRequests) {
        super(vertx);
        this.managementPort = managementPort;
        this.publicLimits = new ConnectionLimits(publicConnections, refusedConnections);
        this.managementLimits = new ConnectionLimits(managementConnections, () -> {});
        this.invalidRequests = invalidRequests;
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        // ALPN would offer HTTP/2 to clients that use TLS.
        HttpServer server = super.createHttpServer(
                options.setHttp2ClearTextEnabled(false).setUseAlpn(false).setMaxChunkSize(BUFFER_BYTES));
        server.connectionHandler(connection -> {
            boolean isManagement = connection.localAddress().port() == managementPort;
            (isManagement ? managementLimits : publicLimits).accept(connection);
        });
        server.invalidRequestHandler(this::answerInvalidRequest);
        return server;
    }

    /** Answers a request that is not valid HTTP. Vert.x closes the connection afterwards. */
    private void answerInvalidRequest(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = 400;
        String title = "Bad Request";
        if (cause instanceof TooLongHttpLineException) {
            status = 414;
            title = "URI Too Long";
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = 431;
            title = "Request Header Fields Too Large";
        } else if (cause instanceof UnsupportedHttpVersionException) {
            status = 505;
            title = "HTTP Version Not Supported";
        }
        String body = problemBody(status, title, "This is not a valid HTTP/1.1 request: " + cause.getMessage());
        request.response()
                .setStatusCode(status)
                .putHeader("Connection", "close")
                .putHeader("Content-Type", "application/problem+json")
                .end(body);
        if (request.localAddress().port() != managementPort) {
            invalidRequests.accept(request, status);
        }
    }

    /** Returns whether each percent sign of a path begins an escape. Vert.x would otherwise answer before any handler is called. */
    static boolean isEncoded(String uri) {
        return !INVALID_ESCAPE.matcher(uri).lookingAt();
    }

    /** Returns a problem details object in JSON (RFC 9457). */
    static String problemBody(int status, String title, String detail) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("status", status)
                .put("title", title)
                .put("detail", detail)
                .encode();
    }

    /** Returns an error response that is written without Vert.x. The caller has to close the connection after it. */
    static FullHttpResponse problem(int status, String title, String detail) {
        ByteBuf body = Unpooled.copiedBuffer(problemBody(status, title, detail), StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, new HttpResponseStatus(status, title), body);
        response.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return response;
    }

    /** Marks a request whose HTTP version is neither 1.0 nor 1.1. */
    static final class UnsupportedHttpVersionException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        UnsupportedHttpVersionException() {
            super("Only HTTP 1.0 and 1.1 are supported");
        }
    }
}

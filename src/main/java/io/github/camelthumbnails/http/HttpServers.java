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

/**
 * Vert.x with bounded HTTP servers. Camel creates its two servers, the public one and the one for health and metrics, with default
 * options and offers no setting for them. This class changes the options on their way to Vert.x and watches each connection.
 *
 * <p>HTTP/2 is off. Gateways speak HTTP/1.1 to the servers behind them, and HTTP/2 has been a source of attacks.
 */
public final class HttpServers extends VertxWrapper {

    private final int managementPort;
    private final ConnectionLimits publicLimits;
    private final ConnectionLimits managementLimits;

    /**
     * @param vertx what does the work
     * @param managementPort tells the connections of health checks and metrics from the public ones
     * @param publicConnections maximum number of public connections
     * @param managementConnections maximum number of connections to the management port
     */
    public HttpServers(VertxInternal vertx, int managementPort, int publicConnections, int managementConnections) {
        super(vertx);
        this.managementPort = managementPort;
        this.publicLimits = new ConnectionLimits(publicConnections);
        this.managementLimits = new ConnectionLimits(managementConnections);
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        // ALPN would offer HTTP/2 to clients that use TLS.
        HttpServer server =
                super.createHttpServer(options.setHttp2ClearTextEnabled(false).setUseAlpn(false));
        server.connectionHandler(connection -> {
            boolean management = connection.localAddress().port() == managementPort;
            (management ? managementLimits : publicLimits).accept(connection);
        });
        server.invalidRequestHandler(HttpServers::refuse);
        return server;
    }

    /** Answers what is no valid HTTP. Vert.x closes the connection afterwards. */
    private static void refuse(HttpServerRequest request) {
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
    }

    /** Returns a problem as JSON (RFC 9457). */
    static String problemBody(int status, String title, String detail) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("status", status)
                .put("title", title)
                .put("detail", detail)
                .encode();
    }

    /** Returns a response for a request that Vert.x does not see; the connection is to be closed after it. */
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

    /** Thrown for a request with another version of HTTP than 1.0 and 1.1. */
    static final class UnsupportedHttpVersionException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        UnsupportedHttpVersionException() {
            super("Only the versions 1.0 and 1.1 are supported");
        }
    }
}

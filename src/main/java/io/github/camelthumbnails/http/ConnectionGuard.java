// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Enforces timeouts and strict message framing on one HTTP/1.1 connection. It sits between Netty's HTTP codec and
 * Vert.x.
 *
 * <ul>
 *   <li>Request headers must be complete within {@value #HEADER_SECONDS} s after the connection was opened, or after
 *       the first bytes of a further request.
 *   <li>A connection without a request in progress is closed after {@value #IDLE_SECONDS} s.
 *   <li>A request in progress has no time limit, but a client that accepts no byte of its response for
 *       {@value #MAX_STALLED_MINUTES} minutes is disconnected. (The socket buffers hide the progress of a slow client
 *       for a while.)
 *   <li>A request that another HTTP implementation could interpret differently (request smuggling) is refused: one with
 *       any transfer coding other than {@code chunked} alone, or without exactly one {@code Host} header.
 *   <li>A client that waits for "100 Continue" and receives its final response instead may send the body or omit it.
 *       The connection is closed after such a response, because the next bytes could belong to the body or to a new
 *       request.
 * </ul>
 */
final class ConnectionGuard extends ChannelDuplexHandler {

    static final int HEADER_SECONDS = 15;
    static final int IDLE_SECONDS = 60;
    static final int MAX_STALLED_MINUTES = 5;

    private final ConnectionLimits limits;

    /** Whether this connection counts towards the limit. Guarded by {@link #limits}. */
    private boolean counted = true;

    // The following fields are used only by the channel's event loop.
    private ChannelHandlerContext context;
    private int requestsInProgress;
    private boolean headersStarted;
    private boolean messageDecoded;
    private boolean refused;
    private boolean awaitsContinue;
    private boolean responseStarted;
    private ScheduledFuture<?> timer;
    private long lastPendingBytes;
    private long lastProgressBytes;
    private int lastMessageHash;
    private int stalledMinutes;

    ConnectionGuard(ConnectionLimits limits) {
        this.limits = limits;
    }

    boolean isCounted() {
        return counted;
    }

    void stopCounting() {
        counted = false;
    }

    /** Closes the connection. */
    void close() {
        context.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        limits.markIdle(this);
        startTimer(this::close, HEADER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        timer.cancel(false);
        super.channelInactive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        messageDecoded = true;
        if (refused) {
            ReferenceCountUtil.release(message); // the end of the refused request is uncertain
            return;
        }
        if (message instanceof HttpRequest request) {
            startRequest(request);
        } else if (((HttpContent) message).decoderResult().isFailure()) {
            refuseBody((HttpContent) message);
        }
        if (message instanceof LastHttpContent) {
            awaitsContinue = false;
        }
        super.channelRead(ctx, message);
    }

    private void startRequest(HttpRequest request) {
        headersStarted = false;
        if (requestsInProgress++ == 0) {
            limits.markActive(this);
            startStallChecks();
        }
        awaitsContinue = HttpUtil.is100ContinueExpected(request);
        if (request.decoderResult().isSuccess()) {
            String problem = ambiguity(request);
            if (!isSupported(request.protocolVersion())) {
                request.setProtocolVersion(HttpVersion.HTTP_1_1); // for the response
                request.setDecoderResult(DecoderResult.failure(new HttpServers.UnsupportedHttpVersionException()));
            } else if (problem != null) {
                request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(problem)));
            }
        }
        refused = request.decoderResult().isFailure();
    }

    /** Answers a body with malformed chunks with 400. Vert.x would close the connection without a response. */
    private void refuseBody(HttpContent content) {
        if (!responseStarted && requestsInProgress == 1) {
            InvalidBody.answer(context, content.decoderResult().cause().getMessage());
        }
    }

    private static boolean isSupported(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    /** Returns why another HTTP implementation could interpret the request differently, or null if it could not. */
    private static String ambiguity(HttpRequest request) {
        if (!HttpServers.isEncoded(request.uri())) {
            return "The path has a % without two hexadecimal digits after it. Write %25";
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return "Send exactly one Host header";
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (codings.size() > 1 || !codings.get(0).strip().equalsIgnoreCase("chunked")) {
            return "The only supported Transfer-Encoding is chunked";
        }
        if (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return "Send either Transfer-Encoding or Content-Length, not both";
        }
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                ? "HTTP/1.0 does not support Transfer-Encoding"
                : null;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (!messageDecoded && requestsInProgress == 0 && !headersStarted) {
            // Bytes arrived that do not complete a message: the headers of the next request have started.
            headersStarted = true;
            if (timer.getDelay(TimeUnit.SECONDS) > HEADER_SECONDS) {
                startTimer(this::close, HEADER_SECONDS, TimeUnit.SECONDS);
            }
        }
        messageDecoded = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        boolean interim =
                message instanceof HttpResponse response && response.status().code() < 200;
        if (interim) {
            awaitsContinue = false;
        } else if (message instanceof HttpResponse response) {
            responseStarted = true;
            if (awaitsContinue && requestsInProgress == 1) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent && !interim) {
            boolean ambiguous = awaitsContinue && requestsInProgress == 1;
            super.write(ctx, message, promise.unvoid().addListener(written -> endResponse(ambiguous)));
        } else {
            super.write(ctx, message, promise);
        }
    }

    private void endResponse(boolean ambiguous) {
        responseStarted = false;
        if (ambiguous) {
            close();
        } else if (--requestsInProgress == 0) {
            headersStarted = false;
            limits.markIdle(this);
            startTimer(this::close, IDLE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Checks once a minute whether the client accepts bytes of the response, if any are pending. */
    private void startStallChecks() {
        stalledMinutes = 0;
        startTimer(this::checkForStall, 1, TimeUnit.MINUTES);
    }

    private void checkForStall() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer == null) {
            return; // closed
        }
        long pending = buffer.totalPendingWriteBytes();
        long progress = buffer.currentProgress();
        int message = System.identityHashCode(buffer.current());
        boolean stalled = pending > 0
                && pending == lastPendingBytes
                && progress == lastProgressBytes
                && message == lastMessageHash;
        stalledMinutes = stalled ? stalledMinutes + 1 : 0;
        lastPendingBytes = pending;
        lastProgressBytes = progress;
        lastMessageHash = message;
        if (stalledMinutes >= MAX_STALLED_MINUTES) {
            close();
        } else {
            startTimer(this::checkForStall, 1, TimeUnit.MINUTES);
        }
    }

    /** Restarts the connection's only timer with another task. */
    private void startTimer(Runnable task, long time, TimeUnit unit) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = context.executor().schedule(task, time, unit);
    }
}

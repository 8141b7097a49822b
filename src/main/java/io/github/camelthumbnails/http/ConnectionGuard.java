// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
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
 * Watches one HTTP/1.1 connection, between the HTTP codec and Vert.x.
 *
 * <ul>
 *   <li>Request headers have to be complete {@value #HEADER_SECONDS} s after the connection was opened, or after the first bytes of a
 *       further request.
 *   <li>A connection without a request in progress is closed after {@value #IDLE_SECONDS} s.
 *   <li>A request in progress takes as long as it takes, but a client that accepts no byte of its response for
 *       {@value #STALLED_MINUTES} minutes is disconnected. (The socket buffers hide the progress of a slow client for a while.)
 *   <li>A request whose end another HTTP implementation could see elsewhere (request smuggling) is refused: any transfer coding
 *       but {@code chunked} alone, or another number of {@code Host} headers than one.
 *   <li>A client that waits for "100 Continue" and gets its response without it may leave the body out or send it. The connection is
 *       closed after such a response, because the next bytes could be either.
 * </ul>
 */
final class ConnectionGuard extends ChannelDuplexHandler {

    static final int HEADER_SECONDS = 15;
    static final int IDLE_SECONDS = 60;
    static final int STALLED_MINUTES = 5;

    private final ConnectionLimits limits;

    /** Guarded by the limits. */
    private boolean counted = true;

    // The rest is used by the channel's event loop alone.
    private ChannelHandlerContext context;
    private int requests;
    private boolean headersBegun;
    private boolean hasRead;
    private boolean refused;
    private boolean bodyIsUninvited;
    private boolean responseHasBegun;
    private ScheduledFuture<?> timer;
    private long lastPending;
    private long lastProgress;
    private int lastMessage;
    private int minutesStalled;

    ConnectionGuard(ConnectionLimits limits) {
        this.limits = limits;
    }

    boolean isCounted() {
        return counted;
    }

    void leaveCount() {
        counted = false;
    }

    /** Closes the connection. */
    void close() {
        context.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        limits.waits(this);
        startTimer(this::close, HEADER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        timer.cancel(false);
        super.channelInactive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        hasRead = true;
        if (refused) {
            ReferenceCountUtil.release(message); // whatever follows a request without a certain end
            return;
        }
        if (message instanceof HttpRequest request) {
            begin(request);
        } else if (((HttpContent) message).decoderResult().isFailure()) {
            refuseBody((HttpContent) message);
        }
        if (message instanceof LastHttpContent) {
            bodyIsUninvited = false;
        }
        super.channelRead(ctx, message);
    }

    private void begin(HttpRequest request) {
        headersBegun = false;
        if (requests++ == 0) {
            limits.works(this);
            watchResponse();
        }
        bodyIsUninvited = HttpUtil.is100ContinueExpected(request);
        if (request.decoderResult().isSuccess()) {
            String problem = ambiguity(request);
            if (!isSupported(request.protocolVersion())) {
                request.setProtocolVersion(HttpVersion.HTTP_1_1); // of the response
                request.setDecoderResult(DecoderResult.failure(new HttpServers.UnsupportedHttpVersionException()));
            } else if (problem != null) {
                request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(problem)));
            }
        }
        refused = request.decoderResult().isFailure();
    }

    /** Answers a body whose chunks are malformed. Vert.x would close the connection without a word. */
    private void refuseBody(HttpContent content) {
        if (!responseHasBegun && requests == 1) {
            String cause = content.decoderResult().cause().getMessage();
            context.writeAndFlush(HttpServers.problem(400, "Bad Request", "The body is not valid: " + cause))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static boolean isSupported(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    /** Says why another HTTP implementation could understand the request differently, or returns null. */
    private static String ambiguity(HttpRequest request) {
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return "A request has exactly one Host header";
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (codings.size() > 1 || !codings.get(0).strip().equalsIgnoreCase("chunked")) {
            return "Transfer-Encoding can only be chunked";
        }
        if (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return "Transfer-Encoding and Content-Length exclude each other";
        }
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0) ? "HTTP/1.0 has no Transfer-Encoding" : null;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (!hasRead && requests == 0 && !headersBegun) {
            // Bytes came that complete nothing: the beginning of a request.
            headersBegun = true;
            if (timer.getDelay(TimeUnit.SECONDS) > HEADER_SECONDS) {
                startTimer(this::close, HEADER_SECONDS, TimeUnit.SECONDS);
            }
        }
        hasRead = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        boolean interim =
                message instanceof HttpResponse response && response.status().code() < 200;
        if (interim) {
            bodyIsUninvited = false;
        } else if (message instanceof HttpResponse response) {
            responseHasBegun = true;
            if (bodyIsUninvited && requests == 1) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent && !interim) {
            boolean ambiguous = bodyIsUninvited && requests == 1;
            super.write(ctx, message, promise.unvoid().addListener(written -> end(ambiguous)));
        } else {
            super.write(ctx, message, promise);
        }
    }

    private void end(boolean ambiguous) {
        responseHasBegun = false;
        if (ambiguous) {
            close();
        } else if (--requests == 0) {
            headersBegun = false;
            limits.waits(this);
            startTimer(this::close, IDLE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Looks once a minute whether the client takes something of the response, if there is something to take. */
    private void watchResponse() {
        minutesStalled = 0;
        startTimer(this::lookAtResponse, 1, TimeUnit.MINUTES);
    }

    private void lookAtResponse() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer == null) {
            return; // closed
        }
        long pending = buffer.totalPendingWriteBytes();
        long progress = buffer.currentProgress();
        int message = System.identityHashCode(buffer.current());
        boolean stalled = pending > 0 && pending == lastPending && progress == lastProgress && message == lastMessage;
        minutesStalled = stalled ? minutesStalled + 1 : 0;
        lastPending = pending;
        lastProgress = progress;
        lastMessage = message;
        if (minutesStalled >= STALLED_MINUTES) {
            close();
        } else {
            startTimer(this::lookAtResponse, 1, TimeUnit.MINUTES);
        }
    }

    /** Starts the connection's only timer anew. */
    private void startTimer(Runnable task, long time, TimeUnit unit) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = context.executor().schedule(task, time, unit);
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.http.Refusal;
import io.github.camelthumbnails.observe.Meters.UploadOutcome;
import io.github.camelthumbnails.upload.UploadBody;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs each request to the public port with the logger {@code access}, and counts uploads. It sits before all routes of Vert.x, so
 * that requests count which no route of Camel receives, and those that end because their client disconnects.
 *
 * <p>The line has neither the query nor any header of the client, because both can hold credentials.
 */
public final class AccessLog implements Handler<RoutingContext>, Processor {

    private static final Logger LOG = LoggerFactory.getLogger("access");

    private static final String LOCAL = AccessLog.class.getName();

    private static final int MAX_METHOD_LENGTH = 20;

    /** Start of the paths of operators' requests, which are not uploads. */
    private static final String OPERATORS_PATH = "/operate/";

    /** Netty replaces a request whose first line is malformed or too long by one with this path. */
    private static final String UNKNOWN_PATH = "/bad-request";

    private final Supplier<Meters> meters;

    /** @param meters provides what receives the counts, as soon as there is a request */
    public AccessLog(Supplier<Meters> meters) {
        this.meters = meters;
    }

    /** A request that is being served, and its exchange as soon as there is one. */
    private static final class Request {

        private final long start = System.nanoTime();
        private volatile Exchange exchange;
        private final AtomicBoolean ended = new AtomicBoolean();

        /**
         * Runs an observer of the end, once. Vert.x calls it before it reads the next request of the connection, which an exception
         * would prevent.
         */
        private void end(Runnable observer) {
            if (ended.compareAndSet(false, true)) {
                Observers.run(observer);
            }
        }
    }

    /** Puts the log before all routes of the public HTTP server, if there is one. */
    public void addTo(CamelContext context) throws Exception {
        context.addStartupListener((started, alreadyStarted) -> {
            MainHttpServer server = context.hasService(MainHttpServer.class);
            if (server != null) {
                addTo(server.getRouter());
            }
        });
    }

    void addTo(Router router) {
        // Vert.x fails a request without a valid target or Host header before it calls any handler.
        router.route().order(Integer.MIN_VALUE).handler(this).failureHandler(this);
    }

    /** Names the exchange that serves the current request: its properties have the key and the error. */
    @Override
    public void process(Exchange exchange) {
        Context context = Vertx.currentContext();
        Request request = context == null ? null : context.getLocal(LOCAL);
        if (request != null) {
            request.exchange = exchange;
        }
    }

    @Override
    public void handle(RoutingContext routing) {
        Request request = routing.get(LOCAL);
        if (request == null) {
            start(routing);
        } else if (routing.response().headWritten()) {
            // The response has failed. Vert.x closes the connection, and calls no end handler.
            request.end(() -> observe(request, routing, true));
        }
        routing.next();
    }

    private void start(RoutingContext routing) {
        Request request = new Request();
        routing.put(LOCAL, request);
        Vertx.currentContext().putLocal(LOCAL, request);
        routing.addEndHandler(ended -> {
            boolean isDisconnected = ended.failed() && !routing.response().ended();
            request.end(() -> observe(request, routing, isDisconnected));
        });
    }

    /** Logs and counts a request that is not valid HTTP, so that it has no route. */
    public void logAndCountInvalid(HttpServerRequest request, int status) {
        Observers.run(() -> observeInvalid(request, status));
    }

    private void observeInvalid(HttpServerRequest request, int status) {
        if (isUpload(request)) {
            meters.get().upload(UploadOutcome.REFUSED, 0, Duration.ZERO);
        }
        boolean isUnknown = UNKNOWN_PATH.equals(request.uri());
        (isUnknown ? new LogLine(LOG, Level.INFO).add("outcome", "rejected") : line(Level.INFO, "rejected", request))
                .add("result", "failure")
                .add("status", status)
                .log("Rejected: This is not a valid HTTP/1.1 request");
    }

    private void observe(Request served, RoutingContext routing, boolean isDisconnected) {
        HttpServerRequest request = routing.request();
        HttpServerResponse response = routing.response();
        boolean isUpload = isUpload(request);
        Duration duration = Duration.ofNanos(System.nanoTime() - served.start);
        Ending ending = Ending.of(routing, isDisconnected);
        Exchange exchange = served.exchange;
        long received = request.bytesRead();
        if (ending.outcome() == UploadOutcome.STORED && isUpload && exchange != null) {
            Long decoded = UploadBody.receivedBytes(exchange);
            received = decoded == null ? received : decoded;
        }
        if (isUpload) {
            meters.get().upload(ending.outcome(), received, duration);
        }
        Level level = ending.level(isUpload);
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LogLine line = line(level, ending.action(isUpload), request)
                .add("result", ending.result())
                .add("status", ending.status())
                .addETag(response.headers().get("ETag"))
                .add("received", isUpload ? received : null)
                .add("sent", isUpload ? null : response.bytesWritten())
                .add("ms", duration.toMillis());
        String reason = ending.reason();
        if (exchange != null) {
            line.add("key", exchange.getProperty("objectKey", String.class))
                    .add("bucket", exchange.getProperty("bucket", String.class))
                    .add("exchangeId", exchange.getExchangeId())
                    .add("traceId", Traces.traceId(exchange));
            Refusal refusal = exchange.getProperty("refusal", Refusal.class);
            reason = isDisconnected || refusal == null || refusal.detail() == null ? reason : refusal.detail();
        }
        line.log(ending.message(isUpload, reason));
    }

    private static boolean isUpload(HttpServerRequest request) {
        String path = request.path();
        return request.method() == HttpMethod.PUT && (path == null || !path.startsWith(OPERATORS_PATH));
    }

    private static LogLine line(Level level, String outcome, HttpServerRequest request) {
        return new LogLine(LOG, level)
                .add("outcome", outcome)
                .add("method", LogLine.cut(request.method().name(), MAX_METHOD_LENGTH))
                .add("path", request.path());
    }
}

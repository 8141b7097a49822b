// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.http.Refusal;
import io.github.camelthumbnails.observe.Meters.UploadOutcome;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
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

    private final Supplier<Meters> meters;

    /** @param meters provides what receives the counts, as soon as there is a request */
    public AccessLog(Supplier<Meters> meters) {
        this.meters = meters;
    }

    /** A request that is being served, and its exchange as soon as there is one. */
    private static final class Request {

        private final long start = System.nanoTime();
        private volatile Exchange exchange;
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
        router.route().order(Integer.MIN_VALUE).handler(this);
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
        Request request = new Request();
        Vertx.currentContext().putLocal(LOCAL, request);
        routing.addEndHandler(ended -> {
            boolean isAborted = ended.failed() && !routing.response().ended();
            note(request, routing.request(), routing.response(), isAborted);
        });
        routing.next();
    }

    /** Logs and counts a request that is not valid HTTP, so that it has no route. */
    public void noteInvalid(HttpServerRequest request, int status) {
        if (request.method() == HttpMethod.PUT) {
            meters.get().upload(UploadOutcome.REFUSED, 0, Duration.ZERO);
        }
        line(Level.INFO, "rejected", request)
                .add("result", "failure")
                .add("status", status)
                .log("Rejected: This is not a valid HTTP/1.1 request");
    }

    private void note(Request served, HttpServerRequest request, HttpServerResponse response, boolean isAborted) {
        boolean isUpload = request.method() == HttpMethod.PUT;
        Duration duration = Duration.ofNanos(System.nanoTime() - served.start);
        int status = response.getStatusCode();
        UploadOutcome outcome = isAborted ? UploadOutcome.ABORTED : outcome(status);
        if (isUpload) {
            meters.get().upload(outcome, request.bytesRead(), duration);
        }
        Level level =
                switch (outcome) {
                    case STORED -> isUpload ? Level.INFO : Level.DEBUG;
                    case ABORTED -> isUpload ? Level.INFO : Level.DEBUG;
                    case REFUSED -> Level.INFO;
                    case UNAVAILABLE -> Level.WARN;
                };
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        Exchange exchange = served.exchange;
        String action =
                switch (outcome) {
                    case STORED -> isUpload ? "uploaded" : "read";
                    case ABORTED -> "aborted";
                    case REFUSED, UNAVAILABLE -> "rejected";
                };
        LogLine line = line(level, action, request)
                .add("result", isAborted ? "unknown" : outcome == UploadOutcome.STORED ? "success" : "failure")
                .add("status", isAborted ? null : status)
                .addETag(response.headers().get("ETag"))
                .add("received", isUpload ? request.bytesRead() : null)
                .add("sent", isUpload ? null : response.bytesWritten())
                .add("ms", duration.toMillis());
        String reason = response.getStatusMessage();
        if (exchange != null) {
            line.add("key", exchange.getProperty("objectKey", String.class))
                    .add("bucket", exchange.getProperty("bucket", String.class))
                    .add("exchangeId", exchange.getExchangeId())
                    .add("traceId", Traces.traceId(exchange));
            Refusal refusal = exchange.getProperty("refusal", Refusal.class);
            reason = refusal == null || refusal.detail() == null ? reason : refusal.detail();
        }
        line.log(
                switch (outcome) {
                    case STORED -> isUpload ? "Uploaded" : "Read";
                    case ABORTED -> "Aborted: the client has disconnected";
                    case REFUSED, UNAVAILABLE -> "Rejected: " + reason;
                });
    }

    /** Returns who is at fault. 501 and 505 mean that a client asks for what there never will be. */
    private static UploadOutcome outcome(int status) {
        if (status < 400) {
            return UploadOutcome.STORED;
        }
        return status < 500 || status == 501 || status == 505 ? UploadOutcome.REFUSED : UploadOutcome.UNAVAILABLE;
    }

    private static LogLine line(Level level, String outcome, HttpServerRequest request) {
        return new LogLine(LOG, level)
                .add("outcome", outcome)
                .add("method", LogLine.cut(request.method().name(), MAX_METHOD_LENGTH))
                .add("path", request.path());
    }
}

// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implements long polling for status requests: holds a request with the query parameter {@code wait} until its
 * thumbnail is ready or has failed, or the time is up, and then passes it on to the route {@code show-status}. A held
 * request needs its connection but no thread, so any number can wait. Requests for the same key share its lookups.
 */
public final class StatusWait implements Handler<RoutingContext> {

    /** Interval between two lookups of a key. It is short enough to answer within a second of a change. */
    private static final int POLL_MILLIS = 250;

    /** Delay of the first lookup of a key, so that requests that arrive together share one call to DynamoDB. */
    private static final int BATCH_DELAY_MILLIS = 10;

    private static final String FOUND_STATUS = StatusWait.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(StatusWait.class);

    private final CamelContext camel;
    private final List<Processor> checks;
    private final StatusLookup lookup;

    /** Held requests by object key. The monitor of this map also guards the two fields below. */
    private final Map<String, HeldKey> held = new HashMap<>();

    private boolean polling;
    private boolean stopping;

    /**
     * @param camel the context whose stop releases all held requests
     * @param checks checks that a request must pass to be held; the route refuses the others. They set the exchange
     *     property {@code objectKey}
     * @param lookup looks up the status of several keys
     */
    public StatusWait(CamelContext camel, List<Processor> checks, StatusLookup lookup) {
        this.camel = camel;
        this.checks = checks;
        this.lookup = lookup;
        camel.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                stop();
            }
        });
    }

    /** The state of an object key whose status at least one held request waits for. */
    private static final class HeldKey {
        private final Set<HeldRequest> requests = new HashSet<>();
        private boolean wasLookedUp;
        private boolean isBeingLookedUp;
    }

    /** A held request, with its Vert.x context and the id of its timeout timer. */
    private record HeldRequest(RoutingContext routing, Context context, long timeoutTimer) {

        void proceed(JsonObject status) {
            context.owner().cancelTimer(timeoutTimer);
            context.runOnContext(ignored -> {
                if (status != null) {
                    context.putLocal(FOUND_STATUS, status);
                }
                if (!routing.response().closed()) {
                    routing.next();
                }
            });
        }
    }

    /** Returns the status that was found while the current request was held, or null if there is none. */
    static JsonObject foundStatus() {
        Context context = Vertx.currentContext();
        return context == null ? null : context.getLocal(FOUND_STATUS);
    }

    @Override
    public void handle(RoutingContext routing) {
        String key = keyToWaitFor(routing.request());
        if (key == null || !hold(routing, key)) {
            routing.next();
        }
    }

    private String keyToWaitFor(HttpServerRequest request) {
        try {
            if (!QueryParameters.of(request).containsKey("status") || KeyStatus.secondsToWait(request) == 0) {
                return null;
            }
            Exchange exchange = new DefaultExchange(camel);
            exchange.setProperty("request", request);
            exchange.getMessage().setHeader(Exchange.HTTP_URI, request.uri());
            for (Processor check : checks) {
                check.process(exchange);
            }
            return exchange.getProperty("objectKey", String.class);
        } catch (Exception e) {
            return null; // the route will report the error
        }
    }

    private boolean hold(RoutingContext routing, String key) {
        Vertx vertx = routing.vertx();
        int seconds;
        try {
            seconds = KeyStatus.secondsToWait(routing.request());
        } catch (RequestRefusedException e) {
            throw new IllegalStateException(e); // the number was checked before
        }
        synchronized (held) {
            if (stopping) {
                return false;
            }
            // Vert.x timers use a monotonic clock.
            long timer = vertx.setTimer(seconds * 1000L, fired -> timeOut(key, routing));
            HeldRequest request = new HeldRequest(routing, vertx.getOrCreateContext(), timer);
            boolean isNew = !held.containsKey(key);
            held.computeIfAbsent(key, none -> new HeldKey()).requests.add(request);
            routing.addEndHandler(ended -> remove(key, request));
            if (isNew) {
                vertx.setTimer(BATCH_DELAY_MILLIS, fired -> poll(vertx, true));
            }
            if (!polling) {
                polling = true;
                vertx.setPeriodic(POLL_MILLIS, POLL_MILLIS, id -> pollOrStop(vertx, id));
            }
        }
        return true;
    }

    private void pollOrStop(Vertx vertx, long id) {
        synchronized (held) {
            if (held.isEmpty()) {
                vertx.cancelTimer(id);
                polling = false;
                return;
            }
        }
        poll(vertx, false);
    }

    /** Looks up all keys, or only the new ones. Keys whose previous lookup is still running are skipped. */
    private void poll(Vertx vertx, boolean onlyNew) {
        List<String> keys = new ArrayList<>();
        synchronized (held) {
            held.forEach((key, value) -> {
                if (!value.isBeingLookedUp && !(onlyNew && value.wasLookedUp)) {
                    value.isBeingLookedUp = true;
                    keys.add(key);
                }
            });
        }
        for (int i = 0; i < keys.size(); i += StatusLookup.MAX_KEYS) {
            List<String> batch = keys.subList(i, Math.min(i + StatusLookup.MAX_KEYS, keys.size()));
            vertx.executeBlocking(() -> lookup.items(batch), false)
                    .onSuccess(items -> batch.forEach(key -> checkOriginal(vertx, key, items.get(key))))
                    .onFailure(e -> batch.forEach(key -> lookupFailed(key, e)));
        }
    }

    private void checkOriginal(Vertx vertx, String key, StatusLookup.Items items) {
        if (items == null || items.isEmpty() && wasLookedUp(key)) {
            lookupSucceeded(key, items != null);
            return;
        }
        vertx.executeBlocking(() -> lookup.status(key, items), false)
                .onSuccess(status -> {
                    if (status.getString("state").equals("pending")) {
                        lookupSucceeded(key, true);
                    } else {
                        release(key, status);
                    }
                })
                .onFailure(e -> lookupFailed(key, e));
    }

    private boolean wasLookedUp(String key) {
        synchronized (held) {
            HeldKey value = held.get(key);
            return value == null || value.wasLookedUp;
        }
    }

    private void lookupSucceeded(String key, boolean complete) {
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value != null) {
                value.wasLookedUp |= complete;
                value.isBeingLookedUp = false;
            }
        }
    }

    /**
     * After a failed first lookup, passes the request on, so that the route reports the error. Later failures are
     * retried.
     */
    private void lookupFailed(String key, Throwable e) {
        boolean isFirst;
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value == null) {
                return;
            }
            isFirst = !value.wasLookedUp;
            value.isBeingLookedUp = false;
        }
        if (isFirst || lookup.isAbsent(e)) {
            release(key, null);
        } else {
            LOG.debug("The status of {} could not be looked up: {}", key, e.toString());
        }
    }

    private void release(String key, JsonObject status) {
        HeldKey value;
        synchronized (held) {
            value = held.remove(key);
        }
        if (value != null) {
            value.requests.forEach(request -> request.proceed(status));
        }
    }

    private void timeOut(String key, RoutingContext routing) {
        HeldRequest timedOut = null;
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value != null) {
                timedOut = value.requests.stream()
                        .filter(request -> request.routing == routing)
                        .findAny()
                        .orElse(null);
            }
            if (timedOut != null) {
                remove(key, timedOut);
            }
        }
        if (timedOut != null) {
            timedOut.proceed(null);
        }
    }

    private void remove(String key, HeldRequest request) {
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value != null && value.requests.remove(request)) {
                request.context.owner().cancelTimer(request.timeoutTimer);
                if (value.requests.isEmpty()) {
                    held.remove(key);
                }
            }
        }
    }

    /** Passes all held requests on, so that they are answered before the server stops. */
    private void stop() {
        List<String> keys;
        synchronized (held) {
            stopping = true;
            keys = new ArrayList<>(held.keySet());
        }
        keys.forEach(key -> release(key, null));
    }
}

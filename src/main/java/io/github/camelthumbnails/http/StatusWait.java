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
 * Holds status requests with {@code wait} until there is something to say, before the route {@code show-status} sees them. A held
 * request needs its connection but no thread, so any number can wait. One poll a key serves all requests that wait for the key.
 */
public final class StatusWait implements Handler<RoutingContext> {

    /** Interval between two looks at a key: a quarter of the second within which a request is answered. */
    private static final int POLL_MILLIS = 250;

    /** Requests that arrive within this time are looked up together. */
    private static final int GATHER_MILLIS = 10;

    private static final String FOUND = StatusWait.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(StatusWait.class);

    private final CamelContext camel;
    private final List<Processor> checks;
    private final StatusLookup lookup;

    /** Everything that is held, by object key. Guards itself and the fields below. */
    private final Map<String, HeldKey> held = new HashMap<>();

    private boolean polling;
    private boolean stopping;

    /**
     * @param camel its stop ends all waiting
     * @param checks what a request has to pass to be held; the route refuses the others. They set the exchange property
     *     {@code objectKey}
     * @param lookup finds the status of several keys
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

    /** A key and the requests that wait for its status. */
    private static final class HeldKey {
        private final Set<HeldRequest> requests = new HashSet<>();
        private boolean looked;
        private boolean beingLookedUp;
    }

    /** A request and what it takes to let it go on where it was. */
    private record HeldRequest(RoutingContext routing, Context context, long timer) {

        void proceed(JsonObject status) {
            context.owner().cancelTimer(timer);
            context.runOnContext(go -> {
                if (status != null) {
                    context.putLocal(FOUND, status);
                }
                if (!routing.response().closed()) {
                    routing.next();
                }
            });
        }
    }

    /** Returns the status that the request being processed has waited for, or null if it has not found one. */
    static JsonObject foundStatus() {
        Context context = Vertx.currentContext();
        return context == null ? null : context.getLocal(FOUND);
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
            return null; // the route says what is wrong
        }
    }

    private boolean hold(RoutingContext routing, String key) {
        Vertx vertx = routing.vertx();
        int seconds;
        try {
            seconds = KeyStatus.secondsToWait(routing.request());
        } catch (RequestRefusedException e) {
            throw new IllegalStateException(e); // was checked
        }
        synchronized (held) {
            if (stopping) {
                return false;
            }
            // Vert.x measures its timers by a monotonic clock.
            long timer = vertx.setTimer(seconds * 1000L, late -> release(key, routing));
            HeldRequest request = new HeldRequest(routing, vertx.getOrCreateContext(), timer);
            boolean isNew = !held.containsKey(key);
            held.computeIfAbsent(key, none -> new HeldKey()).requests.add(request);
            routing.addEndHandler(ended -> forget(key, request));
            if (isNew) {
                pollAfter(vertx, GATHER_MILLIS);
            }
            if (!polling) {
                polling = true;
                vertx.setPeriodic(POLL_MILLIS, POLL_MILLIS, id -> pollOrStop(vertx, id));
            }
        }
        return true;
    }

    private void pollAfter(Vertx vertx, int millis) {
        vertx.setTimer(millis, now -> poll(vertx, true));
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

    /** Looks up all keys, or the new ones alone, whose last look is over. */
    private void poll(Vertx vertx, boolean onlyNew) {
        List<String> keys = new ArrayList<>();
        synchronized (held) {
            held.forEach((key, value) -> {
                if (!value.beingLookedUp && !(onlyNew && value.looked)) {
                    value.beingLookedUp = true;
                    keys.add(key);
                }
            });
        }
        for (int i = 0; i < keys.size(); i += StatusLookup.MAX_KEYS) {
            List<String> some = keys.subList(i, Math.min(i + StatusLookup.MAX_KEYS, keys.size()));
            vertx.executeBlocking(() -> lookup.items(some), false)
                    .onSuccess(items -> some.forEach(key -> lookAtOriginal(vertx, key, items.get(key))))
                    .onFailure(e -> some.forEach(key -> lookFailed(key, e)));
        }
    }

    private void lookAtOriginal(Vertx vertx, String key, StatusLookup.Items items) {
        if (items == null || items.isEmpty() && wasLookedUp(key)) {
            lookSucceeded(key, items != null);
            return;
        }
        vertx.executeBlocking(() -> lookup.status(key, items), false)
                .onSuccess(status -> {
                    if (status.getString("state").equals("pending")) {
                        lookSucceeded(key, true);
                    } else {
                        release(key, status);
                    }
                })
                .onFailure(e -> lookFailed(key, e));
    }

    private boolean wasLookedUp(String key) {
        synchronized (held) {
            HeldKey value = held.get(key);
            return value == null || value.looked;
        }
    }

    private void lookSucceeded(String key, boolean complete) {
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value != null) {
                value.looked |= complete;
                value.beingLookedUp = false;
            }
        }
    }

    /** A new request gets the error as the route tells it; a request that waits already goes on waiting. */
    private void lookFailed(String key, Throwable e) {
        boolean first;
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value == null) {
                return;
            }
            first = !value.looked;
            value.beingLookedUp = false;
        }
        if (first || lookup.isAbsent(e)) {
            release(key, (JsonObject) null);
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

    private void release(String key, RoutingContext routing) {
        HeldRequest late = null;
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value != null) {
                late = value.requests.stream()
                        .filter(request -> request.routing == routing)
                        .findAny()
                        .orElse(null);
            }
            if (late != null) {
                forget(key, late);
            }
        }
        if (late != null) {
            late.proceed(null);
        }
    }

    private void forget(String key, HeldRequest request) {
        synchronized (held) {
            HeldKey value = held.get(key);
            if (value != null && value.requests.remove(request)) {
                request.context.owner().cancelTimer(request.timer);
                if (value.requests.isEmpty()) {
                    held.remove(key);
                }
            }
        }
    }

    /** Lets everything go on, so that it is answered before the server stops. */
    private void stop() {
        List<String> keys;
        synchronized (held) {
            stopping = true;
            keys = new ArrayList<>(held.keySet());
        }
        keys.forEach(key -> release(key, (JsonObject) null));
    }
}

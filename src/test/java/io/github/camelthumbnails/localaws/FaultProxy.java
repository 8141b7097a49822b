// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Stands between the application and AWS's endpoint and breaks what passes, so that a test sees what the application does when
 * AWS is slow, refuses or goes away. What no rule applies to passes unchanged. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    /** Whom a request is for. */
    public enum Service {
        S3(""),
        SQS("com.amazonaws.sqs#"),
        DYNAMODB("com.amazonaws.dynamodb.v20120810#");

        /** What precedes the code of an error in JSON. */
        final String namespace;

        Service(String namespace) {
            this.namespace = namespace;
        }
    }

    private static final Pattern KEY = Pattern.compile("/[^/]+/.+");

    private final Vertx vertx = Vertx.vertx();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final HttpClient client;
    private final URI target;
    private final int port;
    private HttpServer server;
    private Socket reservation;

    private FaultProxy(URI target) {
        this.target = target;
        client = vertx.createHttpClient(AwsFront.clientOptions());
        server = listen(0);
        port = server.actualPort();
    }

    /**
     * Starts a proxy on a free port.
     *
     * @param target the endpoint behind
     */
    public static FaultProxy start(URI target) {
        return new FaultProxy(target);
    }

    /** Where clients connect; stays the same when {@linkplain #listenAgain listening again}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Applies a fault to an operation from now on. The oldest rule that matches a request wins.
     *
     * @param operation the name in AWS's API, such as {@code SendMessage}; null for all. Those of S3 are told by method and
     *     path alone: {@code GetObject}, {@code HeadObject}, {@code PutObject}, {@code DeleteObject}, {@code HeadBucket}
     */
    public Rule fail(Service service, String operation, Fault fault) {
        return add(request -> service == service(request) && isFor(operation, request), () -> fault);
    }

    /** The same for one bucket of S3. */
    public Rule failIn(String bucket, String operation, Fault fault) {
        return add(
                request -> service(request) == Service.S3
                        && (request.path() + "/").startsWith("/" + bucket + "/")
                        && isFor(operation, request),
                () -> fault);
    }

    /**
     * Applies one of the faults to some requests of all services, long polls too. The same seed with the same order of requests
     * makes the same faults.
     */
    public Rule chaos(Random seed, double probability, List<Fault> faults) {
        return add(request -> seed.nextDouble() < probability, () -> faults.get(seed.nextInt(faults.size())));
    }

    /** Removes all rules. A request that is already hanging or delayed stays so. */
    public void reset() {
        rules.clear();
    }

    /** Closes all connections, and has new ones refused by the operating system. */
    public synchronized void stopListening() {
        if (server == null) {
            return;
        }
        join(server.close());
        server = null;
        // Bound without listening: connections are refused, yet no other program and no connection is given the port.
        // The connections that were closed may hold the port for a moment.
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(() -> {
                    reservation = new Socket();
                    reservation.setReuseAddress(true);
                    reservation.bind(new InetSocketAddress("127.0.0.1", port));
                    return true;
                });
    }

    /** Takes connections on the same port as before. */
    public synchronized void listenAgain() {
        if (server == null) {
            release();
            server = listen(port);
        }
    }

    @Override
    public synchronized void close() {
        release();
        join(vertx.close());
    }

    private void release() {
        try {
            if (reservation != null) {
                reservation.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServer listen(int onPort) {
        // Lingering for no time turns each close into a reset. Continuing is left to the faults: some never read.
        return join(vertx.createHttpServer(AwsFront.options(onPort).setSoLinger(0))
                .requestHandler(this::handle)
                .listen());
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private Rule add(Predicate<HttpServerRequest> matches, Supplier<Fault> fault) {
        Rule rule = new Rule(matches, fault);
        rules.add(rule);
        return rule;
    }

    private void handle(HttpServerRequest request) {
        for (Rule rule : rules) {
            if (rule.takes(request)) {
                rule.fault.get().apply(this, request);
                return;
            }
        }
        pass(request, ProxyContext::sendResponse);
    }

    /** Passes on to the target. */
    void pass(HttpServerRequest request, Function<ProxyContext, Future<Void>> answered) {
        continueIfExpected(request);
        HttpProxy.reverseProxy(client)
                .origin(target.getPort(), target.getHost())
                .addInterceptor(new ProxyInterceptor() {
                    @Override
                    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
                        AwsFront.passOn(context.request());
                        return context.sendRequest();
                    }

                    @Override
                    public Future<Void> handleProxyResponse(ProxyContext context) {
                        return answered.apply(context);
                    }
                })
                .handle(request);
    }

    /** Passes on to the target after a while, unless the client has gone by then. */
    void passLater(HttpServerRequest request, Duration delay) {
        request.pause();
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> {
            if (!request.response().closed()) {
                pass(request, ProxyContext::sendResponse);
            }
        });
    }

    /** Clients hold a body back until they are told to send it. */
    static void continueIfExpected(HttpServerRequest request) {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
    }

    static Service service(HttpServerRequest request) {
        return Service.valueOf(AwsFront.service(request).toUpperCase(Locale.ROOT));
    }

    private static boolean isFor(String operation, HttpServerRequest request) {
        String target = request.getHeader("X-Amz-Target");
        String name;
        if (target != null) {
            name = target.substring(target.indexOf('.') + 1);
        } else {
            String method = request.method().name();
            boolean key = KEY.matcher(request.path()).matches();
            name = method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT) + (key ? "Object" : "Bucket");
        }
        return operation == null || operation.equals(name);
    }

    /** One thing that goes wrong until it is removed. */
    public final class Rule {

        private final Predicate<HttpServerRequest> matches;
        private final Supplier<Fault> fault;
        private int hits;
        private int limit = Integer.MAX_VALUE;

        private Rule(Predicate<HttpServerRequest> matches, Supplier<Fault> fault) {
            this.matches = matches;
            this.fault = fault;
        }

        /** Applies to the first {@code count} requests only, those already hit included. */
        public synchronized Rule times(int count) {
            limit = count;
            return this;
        }

        /** How often it has applied. */
        public synchronized int hits() {
            return hits;
        }

        /** Lets requests pass again. */
        public void remove() {
            rules.remove(this);
        }

        private synchronized boolean takes(HttpServerRequest request) {
            boolean taken = hits < limit && matches.test(request);
            hits += taken ? 1 : 0;
            return taken;
        }
    }
}

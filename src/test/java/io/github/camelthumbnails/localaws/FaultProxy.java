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
 * Injects faults between the application and an AWS endpoint, so that tests can show how the application behaves if AWS is slow,
 * returns errors or cannot be reached. Requests that match no rule are forwarded unchanged. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    /** The service that a request is for. */
    public enum Service {
        S3(""),
        SQS("com.amazonaws.sqs#"),
        DYNAMODB("com.amazonaws.dynamodb.v20120810#"),
        /** CloudWatch. */
        MONITORING("com.amazonaws.cloudwatch#");

        /** Prefix of error codes in JSON responses. */
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
     * @param target the endpoint to forward requests to
     */
    public static FaultProxy start(URI target) {
        return new FaultProxy(target);
    }

    /** Returns the URL for clients. It stays the same after {@link #listenAgain}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Adds a rule that applies a fault to an operation. The oldest rule that matches a request wins.
     *
     * @param operation the name of the API operation, such as {@code SendMessage}, or null for all. S3 operations are recognised
     *     only by method and path: {@code GetObject}, {@code HeadObject}, {@code PutObject}, {@code DeleteObject}, {@code HeadBucket}
     */
    public Rule fail(Service service, String operation, Fault fault) {
        return add(request -> service == service(request) && isFor(operation, request), () -> fault);
    }

    /** Adds a rule that applies a fault to an S3 operation on one bucket. */
    public Rule failIn(String bucket, String operation, Fault fault) {
        return add(
                request -> service(request) == Service.S3
                        && (request.path() + "/").startsWith("/" + bucket + "/")
                        && isFor(operation, request),
                () -> fault);
    }

    /**
     * Adds a rule that applies random faults to random requests of all services, long polls included. The same seed and the same
     * order of requests result in the same faults.
     */
    public Rule chaos(Random random, double probability, List<Fault> faults) {
        return add(request -> random.nextDouble() < probability, () -> faults.get(random.nextInt(faults.size())));
    }

    /** Removes all rules. Requests that are already hanging or delayed are not affected. */
    public void reset() {
        rules.clear();
    }

    /** Closes all connections and stops listening, so that the operating system refuses new connections. */
    public synchronized void stopListening() {
        if (server == null) {
            return;
        }
        join(server.close());
        server = null;
        // Reserve the port by binding it without listening: connections are refused, and nobody else can use the port.
        // Retry, because the closed connections may occupy the port for a moment.
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

    /** Listens on the same port again after {@link #stopListening}. */
    public synchronized void listenAgain() {
        if (server == null) {
            releasePort();
            server = listen(port);
        }
    }

    @Override
    public synchronized void close() {
        releasePort();
        join(vertx.close());
    }

    private void releasePort() {
        try {
            if (reservation != null) {
                reservation.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServer listen(int onPort) {
        // SO_LINGER 0 turns each close into a reset. Faults send 100 Continue themselves: some never read the body.
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
            if (rule.applies(request)) {
                rule.fault.get().apply(this, request);
                return;
            }
        }
        forward(request, ProxyContext::sendResponse);
    }

    /** Forwards a request to the target, and handles the response with the given function. */
    void forward(HttpServerRequest request, Function<ProxyContext, Future<Void>> responseHandler) {
        continueIfExpected(request);
        HttpProxy.reverseProxy(client)
                .origin(target.getPort(), target.getHost())
                .addInterceptor(new ProxyInterceptor() {
                    @Override
                    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
                        AwsFront.prepareForward(context.request());
                        return context.sendRequest();
                    }

                    @Override
                    public Future<Void> handleProxyResponse(ProxyContext context) {
                        return responseHandler.apply(context);
                    }
                })
                .handle(request);
    }

    /** Forwards a request after a delay, unless its client has disconnected by then. */
    void forwardLater(HttpServerRequest request, Duration delay) {
        request.pause();
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> {
            if (!request.response().closed()) {
                forward(request, ProxyContext::sendResponse);
            }
        });
    }

    /** Sends 100 Continue if the client waits for it before it sends the body. */
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
        } else if (service(request) == Service.MONITORING) {
            name = request.path().replaceFirst(".*/", "");
        } else {
            String method = request.method().name();
            boolean key = KEY.matcher(request.path()).matches();
            name = method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT) + (key ? "Object" : "Bucket");
        }
        return operation == null || operation.equals(name);
    }

    /** Applies a fault to matching requests until it is removed. */
    public final class Rule {

        private final Predicate<HttpServerRequest> matches;
        private final Supplier<Fault> fault;
        private int hits;
        private int limit = Integer.MAX_VALUE;

        private Rule(Predicate<HttpServerRequest> matches, Supplier<Fault> fault) {
            this.matches = matches;
            this.fault = fault;
        }

        /** Limits the rule to the first {@code count} requests, including those it has already been applied to. */
        public synchronized Rule times(int count) {
            limit = count;
            return this;
        }

        /** Returns to how many requests the rule has been applied. */
        public synchronized int hits() {
            return hits;
        }

        /** Removes the rule. */
        public void remove() {
            rules.remove(this);
        }

        private synchronized boolean applies(HttpServerRequest request) {
            boolean hit = hits < limit && matches.test(request);
            hits += hit ? 1 : 0;
            return hit;
        }
    }
}

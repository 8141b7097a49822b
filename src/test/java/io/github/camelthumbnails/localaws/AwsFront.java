// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.localaws.BucketNotifications.InvalidConfigurationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves all local AWS services on one port, as a reverse proxy. Forwards each request to the service that it was signed for, and
 * unsigned ones, such as a download by curl, to S3. Handles requests for the notification configuration of a bucket, and those to
 * CloudWatch, itself.
 */
final class AwsFront implements AutoCloseable {

    /** Matches the service in a credential scope: {@code AKID/date/region/service/aws4_request}. Slashes are encoded in a query. */
    private static final Pattern SCOPE =
            Pattern.compile("Credential=[^,&]*?(?:/|%2F)(s3|sqs|dynamodb|monitoring)(?:/|%2F)aws4_request");

    private static final Pattern NOTIFICATION = Pattern.compile("/([^/?]+)/?\\?(.*&)?notification(=?|[=&].*)");

    /** Holds the ports of the services, the bucket notifications and the metrics. */
    record Services(int s3, int sqs, int dynamoDb, BucketNotifications notifications, LocalMetrics metrics) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Promise<Services> opened = Promise.promise();

    /**
     * Listens on a port. Requests wait until {@link #open} is called.
     *
     * @param port the port, or 0 for a free one
     * @throws IOException if the port is in use
     */
    AwsFront(int port) throws IOException {
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient(clientOptions()))
                .origin(OriginRequestProvider.selector(context ->
                        Future.succeededFuture(origin(context.request().proxiedRequest()))))
                .addInterceptor(new Forward())
                .addInterceptor(new UnknownQueues());
        server = vertx.createHttpServer(options(port).setHandle100ContinueAutomatically(true))
                .requestHandler(request -> whenOpen(request, () -> {
                    Matcher notification = NOTIFICATION.matcher(request.uri());
                    if (notification.matches()) {
                        handleNotification(request, notification.group(1));
                    } else if (service(request).equals("monitoring")) {
                        handleMetrics(request);
                    } else {
                        proxy.handle(request);
                    }
                }));
        try {
            server.listen().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            vertx.close();
            if (e.getCause() instanceof BindException) {
                throw new IOException(
                        "Port " + port + " is in use, perhaps by another local AWS. Stop that one, or use it: set"
                                + " AWS_ENDPOINT_URL=http://127.0.0.1:" + port,
                        e);
            }
            throw e;
        }
    }

    /** Returns server options: listen on the loopback interface, and allow long keys and large object metadata. */
    static HttpServerOptions options(int port) {
        return new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMaxInitialLineLength(16 * 1024)
                .setMaxHeaderSize(64 * 1024);
    }

    /**
     * Returns options of an HTTP client for the services. It needs many connections, because each long poll occupies one. It closes
     * idle connections earlier than the servers, which do so after 30 seconds or more.
     */
    static HttpClientOptions clientOptions() {
        return new HttpClientOptions().setMaxPoolSize(500).setKeepAliveTimeout(10);
    }

    /** Starts to forward requests, beginning with those that are waiting. */
    void open(Services services) {
        opened.complete(services);
    }

    private void whenOpen(HttpServerRequest request, Runnable action) {
        request.pause();
        Context context = vertx.getOrCreateContext();
        opened.future().onSuccess(services -> context.runOnContext(open -> action.run()));
    }

    int port() {
        return server.actualPort();
    }

    private SocketAddress origin(HttpServerRequest request) {
        Services services = opened.future().result();
        int port =
                switch (service(request)) {
                    case "sqs" -> services.sqs();
                    case "dynamodb" -> services.dynamoDb();
                    default -> services.s3();
                };
        return SocketAddress.inetSocketAddress(port, "127.0.0.1");
    }

    /** Returns the service that a request is for: {@code s3}, {@code sqs}, {@code dynamodb} or {@code monitoring} (CloudWatch). */
    static String service(HttpServerRequest request) {
        Matcher scope = SCOPE.matcher(request.getHeader("Authorization") + "&" + request.query());
        String target = String.valueOf(request.getHeader("X-Amz-Target"));
        if (scope.find()) {
            return scope.group(1);
        }
        return target.startsWith("AmazonSQS") ? "sqs" : target.startsWith("DynamoDB") ? "dynamodb" : "s3";
    }

    /** Keeps the Host header of a forwarded request, which is signed and used in responses, and removes {@code Expect}. */
    static void prepareForward(ProxyRequest request) {
        request.setAuthority(request.proxiedRequest().authority());
        request.headers().remove("Expect"); // the proxy has already sent 100 Continue
    }

    private void handleNotification(HttpServerRequest request, String bucket) {
        request.body()
                .onSuccess(body -> vertx.executeBlocking(() -> handleNotification(request.method(), bucket, body))
                        .onSuccess(xml -> request.response()
                                .putHeader("Content-Type", "application/xml")
                                .end(xml))
                        .onFailure(e -> {
                            boolean invalid = e instanceof InvalidConfigurationException;
                            request.response()
                                    .setStatusCode(invalid ? 400 : 500)
                                    .putHeader("Content-Type", "application/xml")
                                    .end("<Error><Code>" + (invalid ? "InvalidArgument" : "InternalError")
                                            + "</Code><Message>"
                                            + String.valueOf(e.getMessage())
                                                    .replace("&", "&amp;")
                                                    .replace("<", "&lt;")
                                            + "</Message></Error>");
                        }));
        request.resume();
    }

    private String handleNotification(HttpMethod method, String bucket, Buffer body)
            throws IOException, InvalidConfigurationException {
        BucketNotifications notifications = opened.future().result().notifications();
        if (method.equals(HttpMethod.PUT)) {
            notifications.put(bucket, body.getBytes());
            return "";
        }
        return notifications.get(bucket);
    }

    private void handleMetrics(HttpServerRequest request) {
        LocalMetrics metrics = opened.future().result().metrics();
        HttpServerResponse response = request.response();
        request.body()
                .compose(body -> vertx.executeBlocking(() -> metrics.get(body.getBytes())))
                .onSuccess(body -> sendCbor(response, body))
                .onFailure(e -> sendCbor(
                        response.setStatusCode(501),
                        LocalMetrics.error("NotImplemented", "Local AWS answers only GetMetricData, in CBOR")));
        request.resume();
    }

    /** Sends the response of CloudWatch. */
    static void sendCbor(HttpServerResponse response, byte[] body) {
        response.putHeader("Content-Type", LocalMetrics.MEDIA_TYPE)
                .putHeader("smithy-protocol", "rpc-v2-cbor")
                .end(Buffer.buffer(body));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Forwards a request. Moves the Content-Type of an S3 request to a header that S3Proxy does not validate. */
    private final class Forward implements ProxyInterceptor {

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            ProxyRequest request = context.request();
            prepareForward(request);
            String contentType = request.headers().get("Content-Type");
            boolean form =
                    contentType != null && contentType.startsWith("multipart/form-data"); // a form upload by a browser
            if (contentType != null
                    && !form
                    && service(request.proxiedRequest()).equals("s3")) {
                request.headers()
                        .set("Content-Type", "application/octet-stream")
                        .set(ContentTypeBlobStore.HEADER, contentType);
            }
            return context.sendRequest();
        }
    }
}
